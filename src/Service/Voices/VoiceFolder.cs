using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyVoice.Weights;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Voices;

/// <summary>
/// The voices of a data folder: voices/ID/VERSION with voice.json and speaker.safetensors. A version appears complete or
/// not at all, and never changes. Damaged ones are reported and left alone. deleted.json in a voice's folder says up to
/// which version it was deleted.
/// </summary>
public sealed partial class VoiceFolder : IVoiceSource, IDisposable
{
    private const string HeaderName = "voice.json";
    private const string ContentName = "speaker.safetensors";

    private readonly ConcurrentDictionary<string, VoiceVersions> _voices = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FileStream _lock;

    private VoiceFolder(string folder, TimeProvider time, ILogger logger, FileStream @lock) =>
        (_folder, _time, _logger, _lock) = (folder, time, logger, @lock);

    private string Temporary => Path.Combine(_folder, ".new");

    /// <param name="data">The data folder.</param>
    /// <exception cref="SpeechException">It cannot be used, or another process uses it.</exception>
    public static VoiceFolder Open(string data, TimeProvider time, ILogger<VoiceFolder> logger)
    {
        var path = Path.Combine(data, "voices");
        var folder = new VoiceFolder(path, time, logger, FolderLock.Take(path));
        try
        {
            folder.LoadAll();
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The newest version of each, in no particular order.</summary>
    public IReadOnlyList<Voice> List() => [.. _voices.Values.Select(versions => versions.Newest?.Voice).OfType<Voice>()];

    public ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken) =>
        new(_voices.GetValueOrDefault(id)?.Newest?.Version);

    public async ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken) =>
        await FindAsync(id, version, cancellationToken);

    /// <param name="version">Null for the newest.</param>
    /// <exception cref="SpeechException">What is stored is damaged.</exception>
    public async ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken)
    {
        if (_voices.GetValueOrDefault(id)?.Find(version) is not { } header)
        {
            return null;
        }

        try
        {
            return header.With(await File.ReadAllBytesAsync(Path.Combine(PathOf(id, header.Version), ContentName), cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or CheckpointException)
        {
            // Deleted, or made room for a newer one, while it was being read.
            if (_voices.GetValueOrDefault(id)?.Find(header.Version) is null)
            {
                return null;
            }

            LogDamaged(e, id, header.Version);
            throw new SpeechException(
                SpeechErrorKind.Internal,
                SpeechErrorCodes.VoiceDamaged,
                $"Version {header.Version} of the voice {Quoted.Value(id)} is damaged on the disk.",
                "Save the voice again.",
                e);
        }
    }

    /// <inheritdoc cref="IVoices.SaveAsync"/>
    public async ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken)
    {
        VoiceRules.Check(voice, []);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return Add(voice);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(SpeechErrorCodes.VoiceNotStored, "The voice", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc cref="IVoices.UpdateAsync"/>
    public async ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        VoiceRules.Check(id, change, []);
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await FindAsync(id, null, cancellationToken) is not { } present)
            {
                return null;
            }

            var changed = change.ApplyTo(present);
            if (changed.Id != id && _voices.GetValueOrDefault(changed.Id)?.Newest is not null)
            {
                throw VoiceRules.Taken(changed.Id);
            }

            var saved = Add(changed);
            if (changed.Id != id)
            {
                Remove(id, _voices[id]);
            }

            return saved;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(SpeechErrorCodes.VoiceNotStored, "The voice", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc cref="IVoices.DeleteAsync"/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_voices.TryGetValue(id, out var versions) || versions.Newest is null)
            {
                return false;
            }

            Remove(id, versions);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DurableFiles.NotWritten(SpeechErrorCodes.VoiceNotStored, "The deletion", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        _gate.Dispose();
    }

    private string PathOf(string id, int version) => Path.Combine(_folder, id, version.ToString(CultureInfo.InvariantCulture));

    private VoiceProfile Add(VoiceProfile voice)
    {
        var versions = _voices.GetOrAdd(voice.Id, _ => new VoiceVersions());
        var saved = voice with { Version = versions.Last + 1, Created = _time.GetUtcNow(), Content = voice.Content with { Id = voice.Id } };
        foreach (var old in versions.Add(Write(saved)))
        {
            Discard(PathOf(old.Id, old.Version));
        }

        LogSaved(saved.Id, saved.Version);
        return saved;
    }

    private void Remove(string id, VoiceVersions versions)
    {
        DeletedVoice.Write(Path.Combine(_folder, id), versions.Last, Temporary);
        versions.Clear();
        DiscardDeleted(Path.Combine(_folder, id), versions.Last);
        LogDeleted(id);
    }

    private VoiceHeader Write(VoiceProfile voice)
    {
        var content = SpeakerTensors.Write(voice.Content);
        var header = VoiceHeader.Of(voice, content);
        var partial = Path.Combine(Temporary, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(partial);
        try
        {
            DurableFiles.WriteAll(Path.Combine(partial, HeaderName), header.ToJson());
            DurableFiles.WriteAll(Path.Combine(partial, ContentName), content);
            DurableFiles.FlushFolder(partial);
            Directory.CreateDirectory(Path.Combine(_folder, voice.Id));
            DurableFiles.FlushFolder(_folder);
            Directory.Move(partial, PathOf(voice.Id, voice.Version));
            DurableFiles.FlushFolder(Path.Combine(_folder, voice.Id));
            return header;
        }
        catch
        {
            DurableFiles.TryDeleteFolder(partial);
            throw;
        }
    }

    private void LoadAll()
    {
        DurableFiles.TryDeleteFolder(Temporary);
        foreach (var folder in Directory.EnumerateDirectories(_folder).Where(folder => VoiceRules.IsId(Path.GetFileName(folder))))
        {
            Load(folder);
        }
    }

    private void Load(string folder)
    {
        var (id, versions) = (Path.GetFileName(folder), new VoiceVersions());
        try
        {
            var deleted = DeletedVoice.Read(folder);
            DiscardDeleted(folder, deleted);
            versions.Reserve(deleted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            LogDamagedFolder(e, id); // What was deleted must not come back, so nothing here is used.
            return;
        }

        foreach (var (path, version) in Versions(folder).OrderBy(found => found.Version))
        {
            versions.Reserve(version);
            try
            {
                var header = VoiceHeader.Read(File.ReadAllBytes(Path.Combine(path, HeaderName)), id, version);
                if (!File.Exists(Path.Combine(path, ContentName)))
                {
                    throw new InvalidDataException($"{ContentName} is missing");
                }

                versions.Load(header);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
            {
                LogDamaged(e, id, version);
            }
        }

        _voices[id] = versions;
    }

    private static IEnumerable<(string Path, int Version)> Versions(string folder)
    {
        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            if (int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 1)
            {
                yield return (path, version);
            }
        }
    }

    private void DiscardDeleted(string folder, int last)
    {
        foreach (var (path, _) in Versions(folder).Where(found => found.Version <= last).ToArray())
        {
            Discard(path);
        }
    }

    // In one step, so that no crash leaves half a version that looks damaged.
    private void Discard(string path)
    {
        try
        {
            Directory.CreateDirectory(Temporary);
            var leaving = Path.Combine(Temporary, Guid.NewGuid().ToString("N"));
            Directory.Move(path, leaving);
            DurableFiles.TryDeleteFolder(leaving);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotDiscarded(e, path);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Version {Version} of voice {VoiceId} was saved")]
    private partial void LogSaved(string voiceId, int version);

    [LoggerMessage(2, LogLevel.Information, "Voice {VoiceId} was deleted")]
    private partial void LogDeleted(string voiceId);

    [LoggerMessage(3, LogLevel.Error, "Version {Version} of voice {VoiceId} is damaged and left alone")]
    private partial void LogDamaged(Exception exception, string voiceId, int version);

    [LoggerMessage(4, LogLevel.Error, "The folder of voice {VoiceId} is damaged and left alone")]
    private partial void LogDamagedFolder(Exception exception, string voiceId);

    [LoggerMessage(5, LogLevel.Warning, "{Path} is not needed any more and cannot be removed")]
    private partial void LogNotDiscarded(Exception exception, string path);
}
