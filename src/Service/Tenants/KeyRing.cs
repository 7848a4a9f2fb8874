using CosyOrleans.Service.Errors;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Tenants;

/// <summary>
/// The keys as a running server knows them: at most a second behind the file. A file that gets damaged changes nothing until
/// it is mended; one that disappears leaves no key, which lets nobody in.
/// </summary>
public sealed partial class KeyRing(KeyFile file, TimeProvider time, ILogger<KeyRing> logger)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    // In the place of a key that is not there, so that finding out takes as long.
    private static readonly ApiKey Nobody = new() { Id = "", Created = default, SecretSha256 = Convert.ToHexStringLower(ApiKey.Hash("")), Revoked = default(DateTimeOffset) };

    private readonly Lock _gate = new();
    private IReadOnlyDictionary<string, ApiKey>? _keys;
    private (DateTime Written, long Length)? _stamp;
    private long _looked;

    /// <summary>Whether any key opens anything.</summary>
    /// <exception cref="SpeechException">The file is damaged, and was so from the start.</exception>
    public bool Any => Current().Values.Any(key => key.Revoked is null);

    /// <summary>The key that somebody presents; null where it opens nothing.</summary>
    /// <exception cref="SpeechException">The file is damaged, and was so from the start.</exception>
    public ApiKey? Find(string presented)
    {
        var keys = Current();
        var text = KeyText.Read(presented);
        var key = text is { Id: var id } && keys.TryGetValue(id, out var found) ? found : Nobody;
        return key.Opens(text?.Secret ?? presented) && key.Revoked is null ? key : null;
    }

    /// <summary>The key of an id, whether or not it still opens anything; null where there is none.</summary>
    public ApiKey? Known(string id) => Current().GetValueOrDefault(id);

    /// <summary>Whether a key that was found earlier still opens something.</summary>
    public bool IsValid(ApiKey key) => Current().TryGetValue(key.Id, out var now) && now.Revoked is null && now.SecretSha256 == key.SecretSha256;

    private IReadOnlyDictionary<string, ApiKey> Current()
    {
        lock (_gate)
        {
            if (_keys is null || time.GetElapsedTime(_looked) >= BetweenLooks)
            {
                Look();
            }

            return _keys!;
        }
    }

    private void Look()
    {
        _looked = time.GetTimestamp();
        var stamp = file.Stamp; // Before reading: what is written meanwhile is found next time.
        if (_keys is not null && stamp == _stamp)
        {
            return;
        }

        try
        {
            var keys = file.Read().ToDictionary(key => key.Id);
            if (_keys is not null)
            {
                LogChanged(keys.Count(key => key.Value.Revoked is null), file.Path);
            }

            (_keys, _stamp) = (keys, stamp);
        }
        catch (SpeechException e) when (_keys is not null)
        {
            _stamp = stamp; // Said once for each damage.
            LogDamaged(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} keys are valid now, as {Path} says")]
    private partial void LogChanged(int count, string path);

    [LoggerMessage(2, LogLevel.Error, "{Problem} The keys stay as they were")]
    private partial void LogDamaged(string problem);
}
