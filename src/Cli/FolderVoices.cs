using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Weights;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Cli;

/// <summary>The voices of a data folder that no server uses at the moment, and those of the model beside them.</summary>
internal sealed class FolderVoices : IVoiceDesk
{
    private readonly IReadOnlyList<Voice> _builtIn;
    private readonly VoiceFolder _folder;
    private readonly TextWriter _output;
    private readonly string _model;

    /// <param name="data">The data folder.</param>
    /// <param name="model">The model folder: the ids of its voices are taken.</param>
    public FolderVoices(string data, string model, TextWriter output)
    {
        (_output, _model) = (output, model);
        _builtIn = OfModel(model);
        _folder = VoiceFolder.Open(data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        foreach (var voice in Voice.List(_builtIn, _folder.List()))
        {
            await _output.WriteLineAsync(VoiceLine.Of(voice.Id, voice.BuiltIn ? null : voice.Version, voice.Model, voice.Name));
        }
    }

    public async Task ImportAsync(string name, byte[] content, VoiceChoice choice, CancellationToken cancellationToken)
    {
        var described = new VoiceProfile
        {
            Id = "", Name = "", ModelKind = VoiceProfile.DefaultModelKind, Content = new Speaker { Id = "", Embedding = [] },
        };
        var voices = VoiceFile.Read(name, content, choice, described);
        foreach (var voice in voices)
        {
            VoiceRules.CheckNotBuiltIn(voice.Id, _builtIn.Select(own => own.Id)); // All of them first, that none is saved when one is refused.
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
            described, recording, _builtIn.Select(own => own.Id),
            (id, file, transcript, cancellation) => new VoiceEnrolment(_model, Environment.ProcessorCount).EnrolAsync(id, file, transcript, cancellation), cancellationToken);
        var saved = await _folder.SaveAsync(made, cancellationToken);
        await _output.WriteLineAsync(VoiceLine.Saved(saved.Id, saved.Version));
        foreach (var warning in made.Report!.Warnings)
        {
            await _output.WriteLineAsync(VoiceLine.Warning(warning.Message, warning.Solution));
        }
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (!await _folder.DeleteAsync(id, cancellationToken))
        {
            VoiceRules.CheckNotBuiltIn(id, _builtIn.Select(own => own.Id));
            throw new SpeechException(
                SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(id)}.", "cosy voices list shows those there are.");
        }

        await _output.WriteLineAsync(VoiceLine.Deleted(id));
    }

    public void Dispose() => _folder.Dispose();

    private static Voice[] OfModel(string model)
    {
        try
        {
            var directory = ModelDirectory.Open(model);
            var name = Path.GetFileName(Path.GetFullPath(model).TrimEnd(Path.DirectorySeparatorChar));
            return [.. directory.ReadSpeakers().Keys.Select(id => new Voice(id, id, name))];
        }
        catch (Exception e) when (e is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw LocalModel.Unusable(e);
        }
    }
}
