using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Cli;

/// <summary>The voices of a data folder that no server uses at the moment, and those of the model beside them.</summary>
internal sealed class FolderVoices : IVoiceDesk
{
    private readonly ModelVoices _own;
    private readonly VoiceFolder _folder;
    private readonly TextWriter _output;
    private readonly string _model;

    /// <param name="data">The data folder.</param>
    /// <param name="model">The model folder: the ids of its voices are taken.</param>
    public FolderVoices(string data, string model, TextWriter output)
    {
        (_output, _model) = (output, model);
        _own = ModelVoices.Read(model);
        _folder = VoiceFolder.Open(data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        foreach (var voice in Voice.List(_own.List(), _folder.List()))
        {
            await _output.WriteLineAsync(VoiceLine.Of(voice.Id, voice.BuiltIn ? null : voice.Version, voice.Model, voice.Name));
        }
    }

    public async Task ImportAsync(string name, byte[] content, VoiceChoice choice, CancellationToken cancellationToken)
    {
        var described = new VoiceProfile
        {
            Id = "", Name = "", ModelKind = "", Content = new Speaker { Id = "", Embedding = [] },
        };
        var voices = VoiceFile.Read(name, content, choice, described);
        foreach (var voice in voices)
        {
            VoiceRules.CheckNotBuiltIn(voice.Id, _own.Ids); // All of them first, that none is saved when one is refused.
        }

        foreach (var voice in voices)
        {
            var saved = await _folder.SaveAsync(voice, cancellationToken);
            await _output.WriteLineAsync(VoiceLine.Saved(saved.Id, saved.Version));
        }
    }

    public async Task AddAsync(string name, byte[] recording, VoiceProfile described, CancellationToken cancellationToken)
    {
        var made = await RecordedVoice.MakeAsync(
            described, recording, _own.Ids,
            (id, file, transcript, cancellation) => new VoiceEnrolment(_model, Environment.ProcessorCount).EnrolAsync(id, file, transcript, cancellation), cancellationToken);
        var saved = await _folder.SaveAsync(made, cancellationToken);
        await _output.WriteLineAsync(VoiceLine.Saved(saved.Id, saved.Version));
        foreach (var warning in made.Report!.Warnings)
        {
            await _output.WriteLineAsync(VoiceLine.Warning(warning.Message, warning.Solution));
        }
    }

    public async Task ShowAsync(string id, CancellationToken cancellationToken)
    {
        var voice = await FindAsync(id, cancellationToken);
        var stored = voice.Version > 0;
        var sheet = new VoiceSheet(VoiceLine.Of(id, stored ? voice.Version : null, stored ? voice.ModelKind : _own.Name, voice.Name))
        {
            Owner = voice.Owner,
            Created = stored ? voice.Created : null,
            Modes = voice.Modes,
            Transcript = voice.Transcript,
            Consent = voice.Consent,
            Recording = voice.Report is { } report ? (report.Seconds, report.SampleRate, report.SignalToNoiseDecibels) : null,
            Warnings = (voice.Report?.Warnings ?? []).Select(warning => (warning.Message, warning.Solution)),
        };
        foreach (var line in sheet.Lines())
        {
            await _output.WriteLineAsync(line);
        }
    }

    public async Task UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        VoiceRules.Check(id, change, _own.Ids);
        var changed = await _folder.UpdateAsync(id, change, cancellationToken) ?? throw Missing(id);
        await _output.WriteLineAsync(VoiceLine.Saved(changed.Id, changed.Version));
    }

    public async Task<byte[]> ExportAsync(string id, CancellationToken cancellationToken) => ExportedVoice.Write(await FindAsync(id, cancellationToken));

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (!await _folder.DeleteAsync(id, cancellationToken))
        {
            throw Missing(id);
        }

        await _output.WriteLineAsync(VoiceLine.Deleted(id));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>One of the model's own, which is the one that speaks, or of the catalogue.</summary>
    private async Task<VoiceProfile> FindAsync(string id, CancellationToken cancellationToken) =>
        _own.Find(id) ?? await _folder.FindAsync(id, null, cancellationToken) ?? throw Missing(id);

    /// <summary>There is no such voice in the catalogue.</summary>
    private SpeechException Missing(string id)
    {
        VoiceRules.CheckNotBuiltIn(id, _own.Ids);
        return new SpeechException(
            SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(id)}.", "cosy voices list shows those there are.");
    }
}
