using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>
/// Turns one utterance's mel into samples, piece by piece, in two steps: between them the passage is decoded, which
/// several streams can have done in one call. Samples returned in all: frames * hop.
/// </summary>
public interface IVocoderStream : IDisposable
{
    /// <summary>What decodes the passages.</summary>
    IVocoder Vocoder { get; }

    /// <summary>Takes the next frames, [frames, 80], and returns what is to be decoded now; null while that does not pay, and where nothing is left.</summary>
    /// <param name="mel">May have no rows.</param>
    /// <param name="last">Nothing follows: all that is left becomes final.</param>
    /// <returns>Good until <see cref="Take"/>.</returns>
    VocoderPassage? Prepare(Tensor mel, bool last);

    /// <summary>Takes the samples of the passage that was prepared and returns those that are final by now.</summary>
    /// <param name="decoded">[frames of the passage * hop]; becomes the stream's.</param>
    float[] Take(float[] decoded);

    void Save(StateWriter state);

    /// <summary>Makes a new stream of the same vocoder, with the same noise, go on where one was saved.</summary>
    /// <exception cref="StateException">The state does not fit this vocoder.</exception>
    void Restore(StateReader state);
}
