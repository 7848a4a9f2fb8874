using System.Collections.Concurrent;
using System.Text.Json;
using CosyOrleans.Service.Files;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Tenants;

/// <summary>
/// The usage of the keys of this process. Sound of the day outlives it: usage.json in the data folder is at most
/// <see cref="BetweenWrites"/> behind, so that a crash forgives no more than that.
/// </summary>
public sealed partial class LocalUsage(string data, TimeProvider time, ILogger<LocalUsage> logger) : IUsage
{
    /// <summary>How often whoever runs this calls <see cref="Write"/>.</summary>
    public static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(3);

    private const string Server = "";

    private readonly string _path = Path.Combine(data, "usage.json");
    private readonly ConcurrentDictionary<string, OwnUsage> _keys = [];
    private readonly Lock _writing = new();
    private string _written = "";

    /// <summary>Goes on where an earlier process left off today. A file that cannot be read counts as none.</summary>
    public void Read()
    {
        try
        {
            var file = JsonSerializer.Deserialize<UsageFile>(File.ReadAllBytes(_path), JsonSerializerOptions.Web);
            if (file?.Seconds is not null && file.Day == UsageReport.DayOf(time.GetUtcNow()))
            {
                foreach (var (id, seconds) in file.Seconds)
                {
                    Of(id).Produced(Math.Max(0, seconds), time.GetUtcNow());
                }
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Nothing was spoken with keys so far.
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_path, e.Message);
        }
    }

    /// <summary>Writes what has changed.</summary>
    public void Write()
    {
        lock (_writing)
        {
            var now = time.GetUtcNow();
            var seconds = _keys.Select(key => (Id: key.Key, key.Value.Report(now).Seconds)).Where(key => key.Seconds > 0)
                .OrderBy(key => key.Id, StringComparer.Ordinal).ToDictionary(key => key.Id, key => Math.Round(key.Seconds, 3));
            var content = JsonSerializer.Serialize(new UsageFile(UsageReport.DayOf(now), seconds), JsonSerializerOptions.Web);
            if (content == _written || (seconds.Count == 0 && _written.Length == 0))
            {
                return;
            }

            try
            {
                DurableFiles.WriteAll(_path + ".new", System.Text.Encoding.UTF8.GetBytes(content));
                File.Move(_path + ".new", _path, overwrite: true);
                _written = content;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnwritten(_path, e.Message); // Tried again next time.
            }
        }
    }

    public ValueTask<UsageRefusal?> TakeRequestAsync(ApiKey key, CancellationToken cancellationToken) =>
        new(Of(key.Id).TakeRequest(key.Limits, time.GetUtcNow()));

    public ValueTask<UsageRefusal?> BeginSpeechAsync(ApiKey key, CancellationToken cancellationToken) =>
        new(Of(key.Id).BeginSpeech(key.Limits, time.GetUtcNow()));

    public ValueTask<UsageRefusal?> CheckSoundAsync(ApiKey key, CancellationToken cancellationToken) =>
        new(Of(key.Id).CheckSound(key.Limits, time.GetUtcNow()));

    public void Produced(ApiKey key, double seconds) => Of(key.Id).Produced(seconds, time.GetUtcNow());

    public void EndSpeech(ApiKey key) => Of(key.Id).EndSpeech(time.GetUtcNow());

    private OwnUsage Of(string id) => _keys.GetOrAdd(id, _ => new OwnUsage(Server));

    [LoggerMessage(1, LogLevel.Error, "{Path} cannot be read, so that today's sound counts from here on: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(2, LogLevel.Warning, "{Path} cannot be written; trying again: {Reason}")]
    private partial void LogUnwritten(string path, string reason);

    private sealed record UsageFile(DateOnly Day, Dictionary<string, double> Seconds);
}
