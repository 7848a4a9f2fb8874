using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Port: a request in, a stream of audio frames out.</summary>
public interface ISynthesis
{
    /// <summary>
    /// Completes when the first frame exists, so that whoever asks knows before sending anything whether there
    /// will be speech. Cancelling stops the work within one step of the model, before and after that moment.
    /// </summary>
    /// <exception cref="SpeechException">The request is invalid, the service is busy or not ready, or the model failed.</exception>
    Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken);
}
