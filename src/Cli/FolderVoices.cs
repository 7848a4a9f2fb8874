using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Cli;

/// <summary>The voices of a data folder that no server uses at the moment.</summary>
internal sealed class FolderVoices(string data, TextWriter output) : IVoiceDesk
{
    private readonly VoiceFolder _folder = VoiceFolder.Open(data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        foreach (var voice in _folder.List().OrderBy(voice => voice.Id, StringComparer.Ordinal))
        {
            await output.WriteLineAsync($"{voice.Id}\tversion {voice.Version}\t{voice.Model}\t{voice.Name}");
        }
    }

    public async Task ImportAsync(string path, string? id, CancellationToken cancellationToken)
    {
        var described = new VoiceProfile { Id = "", Name = "", ModelKind = "cosyvoice2", Content = new Speaker { Id = "", Embedding = [] } };
        foreach (var voice in VoiceFile.Read(Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken), id, described))
        {
            var saved = await _folder.SaveAsync(voice, cancellationToken);
            await output.WriteLineAsync($"saved {saved.Id}, version {saved.Version}");
        }
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (!await _folder.DeleteAsync(id, cancellationToken))
        {
            throw new SpeechException(
                SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(id)} in the catalogue.", "cosy voices list shows those there are.");
        }

        await output.WriteLineAsync($"deleted {id}");
    }

    public void Dispose() => _folder.Dispose();
}
