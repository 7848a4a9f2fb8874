namespace CosyOrleans.Service.Voices;

/// <summary>Port: where a worker gets the voices of the catalogue from.</summary>
public interface IVoiceSource
{
    /// <summary>The number of the newest version, 1 or more; null where there is no such voice. Small and quick: asked before each speech.</summary>
    ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken);

    /// <summary>A version with its content; null where there is none, or no longer.</summary>
    /// <exception cref="Errors.SpeechException">What is stored is damaged.</exception>
    ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken);
}
