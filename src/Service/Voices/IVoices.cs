namespace CosyOrleans.Service.Voices;

/// <summary>Port: the catalogue of voices.</summary>
public interface IVoices
{
    /// <exception cref="Errors.SpeechException">The catalogue is not known yet.</exception>
    ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken);
}

/// <param name="Id">What a request names.</param>
/// <param name="Name">What a person reads.</param>
/// <param name="Model">The model that speaks with it.</param>
public sealed record Voice(string Id, string Name, string Model);
