using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyOrleans.Cli;

/// <summary>The voices that came with a model, read without loading it.</summary>
/// <param name="Name">Of the model.</param>
/// <param name="Kind">Of the model, such as "cosyvoice2".</param>
internal sealed record ModelVoices(string Name, string Kind, IReadOnlyDictionary<string, Speaker> Speakers)
{
    public IEnumerable<string> Ids => Speakers.Keys;

    public IReadOnlyCollection<Voice> List() => [.. Ids.Select(id => new Voice(id, id, Name))];

    public VoiceProfile? Find(string id) => Speakers.TryGetValue(id, out var speaker)
        ? new VoiceProfile { Id = id, Name = id, ModelKind = Kind, Content = speaker }
        : null;

    /// <param name="folder">The model's.</param>
    /// <exception cref="Service.Errors.SpeechException">It is none.</exception>
    public static ModelVoices Read(string folder)
    {
        try
        {
            var directory = ModelDirectory.Open(folder);
            var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
            return new ModelVoices(name, directory.Config.Kind == ModelKind.CosyVoice3 ? "cosyvoice3" : "cosyvoice2", directory.ReadSpeakers());
        }
        catch (Exception e) when (e is CheckpointException or IOException or UnauthorizedAccessException)
        {
            throw LocalModel.Unusable(e);
        }
    }
}
