using CosyOrleans.Service.Files;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Cache;

/// <summary>
/// Whole speeches in the folder "cache" of the data folder, each a file named by its key. What is on the disk is the truth:
/// several processes may share the folder, and a file that is gone or spoiled is only spoken again.
/// </summary>
public sealed partial class AudioCache
{
    private const double KeptShare = 0.9; // Room is made for more than one at a time: it means reading the folder.
    private static readonly TimeSpan LeftByCrashes = TimeSpan.FromHours(1);

    private readonly string _folder;
    private readonly string _unfinished;
    private readonly long _most;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _trimming = new();
    private long _bytes;

    /// <param name="data">The data folder.</param>
    public AudioCache(string data, CacheOptions options, TimeProvider time, ILogger<AudioCache> logger)
    {
        _folder = Path.Combine(data, "cache");
        _unfinished = Path.Combine(_folder, "unfinished");
        _most = (long)options.Megabytes << 20;
        (_time, _logger) = (time, logger);
        Try(() =>
        {
            Directory.CreateDirectory(_unfinished);
            Trim();
        });
    }

    /// <summary>Bytes kept, as far as this process knows.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>What is stored under a key, which is then the most recently used; null where nothing usable is.</summary>
    internal async Task<StoredSpeech?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        try
        {
            var bytes = await File.ReadAllBytesAsync(path, cancellationToken);
            if (StoredSpeech.Read(bytes, key) is { } speech)
            {
                File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
                return speech;
            }

            LogSpoiled(key);
            DurableFiles.TryDelete(path);
            return null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusable(e.Message);
            return null;
        }
    }

    /// <summary>Stores a speech, if there is room for it. A disk that is full is no fault of the speech.</summary>
    internal Task StoreAsync(string key, StoredSpeech speech) => Task.Run(() => Try(() =>
    {
        var bytes = speech.ToBytes(key);
        if (bytes.Length > _most / 4)
        {
            return; // It would drive out everything else.
        }

        var (path, partial) = (PathOf(key), Path.Combine(_unfinished, Guid.NewGuid().ToString("N")));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(_unfinished);
            File.WriteAllBytes(partial, bytes); // Not flushed: what a crash spoils is found out by its digest.
            File.SetLastWriteTimeUtc(partial, _time.GetUtcNow().UtcDateTime);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            DurableFiles.TryDelete(partial);
        }

        if (Interlocked.Add(ref _bytes, bytes.Length) > _most)
        {
            Trim();
        }
    }));

    /// <summary>Removes the least recently used until there is room, and what crashes left half written.</summary>
    private void Trim()
    {
        lock (_trimming)
        {
            var now = _time.GetUtcNow().UtcDateTime;
            var all = new DirectoryInfo(_folder).EnumerateFiles("*", SearchOption.AllDirectories).ToList();
            foreach (var partial in all.Where(file => file.DirectoryName == _unfinished && file.LastWriteTimeUtc < now - LeftByCrashes))
            {
                DurableFiles.TryDelete(partial.FullName);
            }

            var kept = all.Where(file => file.DirectoryName != _unfinished).OrderBy(file => file.LastWriteTimeUtc).ToList();
            var bytes = kept.Sum(file => file.Length);
            var room = bytes > _most ? (long)(KeptShare * _most) : _most;
            foreach (var file in kept.TakeWhile(_ => bytes > room))
            {
                bytes -= file.Length;
                DurableFiles.TryDelete(file.FullName);
            }

            Interlocked.Exchange(ref _bytes, bytes);
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key[..2], key);

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnusable(e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The cache cannot be used: {Reason}")]
    private partial void LogUnusable(string reason);

    [LoggerMessage(2, LogLevel.Warning, "The sound {Key} in the cache was damaged and has been removed")]
    private partial void LogSpoiled(string key);
}
