using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Service.Voices;

/// <summary>The voices that came with the model.</summary>
public sealed class LocalVoices(LocalModel model) : IVoices
{
    public ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken)
    {
        var loaded = model.Require();
        return new([.. loaded.VoiceIds.Select(id => new Voice(id, id, loaded.Name))]);
    }
}
