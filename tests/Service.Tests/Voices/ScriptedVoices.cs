using System.Collections.Concurrent;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tests.Voices;

/// <summary>A catalogue that counts what it is asked and answers when and as the test wants.</summary>
internal sealed class ScriptedVoices : IVoiceSource
{
    private readonly ConcurrentDictionary<(string, int), int> _fetches = [];
    private readonly ConcurrentDictionary<(string, int), VoiceProfile> _voices = [];

    public ConcurrentDictionary<string, int> Newest { get; } = [];

    /// <summary>Awaited before a content is given.</summary>
    public Func<Task> BeforeFetch { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited before a number is given.</summary>
    public Func<Task> BeforeNewest { get; set; } = () => Task.CompletedTask;

    public int Fetches(string id, int version) => _fetches.GetValueOrDefault((id, version));

    public void Save(string id, int version, int? tone = null)
    {
        _voices[(id, version)] = TestVoices.Plain(id, tone ?? version) with { Version = version };
        Newest[id] = version;
    }

    public void Delete(string id) => Newest.TryRemove(id, out _);

    public async ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken)
    {
        await BeforeNewest();
        return Newest.TryGetValue(id, out var version) ? version : null;
    }

    public async ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken)
    {
        _fetches.AddOrUpdate((id, version), 1, (_, count) => count + 1);
        await BeforeFetch();
        return _voices.GetValueOrDefault((id, version));
    }
}
