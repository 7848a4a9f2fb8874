using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Cache;

/// <summary>
/// Speaks what was not spoken before, and gives the rest from the cache. Only requests that name a seed: the others mean another
/// sound each time. The same request at the same time is spoken once. Jobs are left alone: they have each sound made once anyway.
/// </summary>
public sealed class CachedSynthesis(
    ISynthesis inner, AudioCache cache, INodes nodes, IVoices voices, CacheInstruments instruments, TimeProvider time) : ISynthesis
{
    // Knowing the voice's version is worth no more than this of anybody's time.
    private static readonly TimeSpan LongestLookup = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedSpeech> _underWay = [];

    /// <summary>Speeches that are being made or stored.</summary>
    internal int UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _underWay.Count;
            }
        }
    }

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        if (!CacheKey.Suits(request) || await NameAsync(request, cancellationToken) is not { } name)
        {
            instruments.Bypassed();
            return await inner.SpeakAsync(request, cancellationToken);
        }

        var task = request.TaskId ?? Guid.CreateVersion7().ToString("N");
        if (Join(name.Key) is { } joined)
        {
            instruments.Joined();
            return await ListenAsync(joined, task, fromCache: true, cancellationToken);
        }

        if (await cache.FindAsync(name.Key, cancellationToken) is { } stored)
        {
            instruments.Hit();
            return new Speech(stored.Details with { TaskId = task, FromCache = true }, Frames(stored), () => ValueTask.CompletedTask);
        }

        var (speech, isNew) = JoinOrBegin(name, request with { TaskId = task });
        (isNew ? (Action)instruments.Missed : instruments.Joined)();
        return await ListenAsync(speech, task, fromCache: !isNew, cancellationToken);
    }

    /// <summary>Null while it is not known what would speak, and where nodes of different models would.</summary>
    private async Task<string?> FingerprintAsync(CancellationToken cancellationToken)
    {
        var all = await nodes.ListAsync(cancellationToken);
        var ready = all.Where(node => node.State == NodeState.Ready).Select(node => node.Fingerprint).Distinct().ToList();
        return ready.Count == 1 ? ready[0] : null;
    }

    private async Task<SoundName?> NameAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (await FingerprintAsync(cancellationToken) is not { } fingerprint)
            {
                return null;
            }

            var voice = request.SpeakerId is { } id && request.VoiceVersion is not <= 0
                ? await FindAsync(id, request, cancellationToken).AsTask().WaitAsync(LongestLookup, time, cancellationToken)
                : null;
            return new SoundName(CacheKey.Of(request, fingerprint, voice), fingerprint, voice?.Id, voice?.Version ?? 0);
        }
        catch (Exception e) when (e is SpeechException or TimeoutException)
        {
            return null; // Whoever speaks says what is wrong.
        }
    }

    /// <summary>As whoever speaks looks: a tenant's own voice before a shared one of the same name.</summary>
    private async ValueTask<VoiceProfile?> FindAsync(string id, SpeakRequest request, CancellationToken cancellationToken)
    {
        var own = request.Tenant is null ? null : new TenantScope(request.Tenant).Own(id);
        var voice = own is null ? null : await voices.FindAsync(own, request.VoiceVersion, cancellationToken);
        return voice ?? (VoiceRules.IsId(id) ? await voices.FindAsync(id, request.VoiceVersion, cancellationToken) : null);
    }

    private SharedSpeech? Join(string key)
    {
        lock (_gate)
        {
            return _underWay.TryGetValue(key, out var speech) && speech.TryJoin() ? speech : null;
        }
    }

    private (SharedSpeech Speech, bool IsNew) JoinOrBegin(SoundName name, SpeakRequest request)
    {
        lock (_gate)
        {
            if (_underWay.TryGetValue(name.Key, out var other) && other.TryJoin())
            {
                return (other, false);
            }

            SharedSpeech speech = null!;
            speech = new SharedSpeech(whole => EndAsync(name, speech, whole));
            _underWay[name.Key] = speech;
            speech.Start(token => inner.SpeakAsync(request, token));
            return (speech, true);
        }
    }

    /// <summary>Stores a whole speech before it is forgotten, so that nobody in between has it made again.</summary>
    private async Task EndAsync(SoundName name, SharedSpeech speech, StoredSpeech? whole)
    {
        try
        {
            // A worker may have had another version of the voice, or of the model, than was known here.
            if (whole is { Frames.Count: > 0 } && IsOf(name, whole.Details)
                && await FingerprintAsync(CancellationToken.None) == name.Fingerprint)
            {
                await cache.StoreAsync(name.Key, whole);
            }
        }
        finally
        {
            lock (_gate)
            {
                if (_underWay.GetValueOrDefault(name.Key) == speech)
                {
                    _underWay.Remove(name.Key);
                }
            }
        }
    }

    private static bool IsOf(SoundName name, SpeechDetails made) =>
        made.VoiceVersion == 0 || (made.VoiceId == name.VoiceId && made.VoiceVersion == name.VoiceVersion);

    private static async Task<Speech> ListenAsync(SharedSpeech shared, string task, bool fromCache, CancellationToken cancellationToken)
    {
        try
        {
            var details = await shared.Details.WaitAsync(cancellationToken);
            return new Speech(
                details with { TaskId = task, FromCache = fromCache }, shared.ReadAllAsync(cancellationToken), new Leaving(shared).LeaveAsync);
        }
        catch
        {
            await shared.LeaveAsync();
            throw;
        }
    }

    private static async IAsyncEnumerable<AudioFrame> Frames(StoredSpeech speech)
    {
        await Task.CompletedTask;
        foreach (var frame in speech.Frames)
        {
            yield return frame;
        }
    }

    private sealed record SoundName(string Key, string Fingerprint, string? VoiceId, int VoiceVersion);

    /// <summary>A listener, who may be disposed of more than once and leaves once.</summary>
    private sealed class Leaving(SharedSpeech speech)
    {
        private int _left;

        public ValueTask LeaveAsync() => Interlocked.Exchange(ref _left, 1) == 0 ? speech.LeaveAsync() : ValueTask.CompletedTask;
    }
}
