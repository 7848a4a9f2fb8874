using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>Turns one utterance's mel into samples, piece by piece. Samples returned in all: frames * hop.</summary>
public interface IVocoderStream : IDisposable
{
    /// <summary>Takes the next frames, [frames, 80], and returns the samples that are final by now.</summary>
    /// <param name="mel">May have no rows.</param>
    /// <param name="last">Nothing follows: returns all that is left.</param>
    float[] Append(Tensor mel, bool last);

    void Save(StateWriter state);

    /// <summary>Makes a new stream of the same vocoder, with the same noise, go on where one was saved.</summary>
    /// <exception cref="StateException">The state does not fit this vocoder.</exception>
    void Restore(StateReader state);
}
