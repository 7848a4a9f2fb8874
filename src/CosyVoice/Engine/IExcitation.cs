using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>
/// The excitation of one utterance whose mel arrives in pieces. However it is cut, the settled samples are the same,
/// bit for bit.
/// </summary>
public interface IExcitation : IDisposable
{
    /// <summary>Takes the next frames, [frames, 80]; may have no rows.</summary>
    /// <param name="last">Nothing follows: every frame becomes settled.</param>
    ExcitationPiece Append(Tensor mel, bool last);

    /// <summary>Writes down what <see cref="Restore"/> needs besides the mel from frame <paramref name="first"/> on.</summary>
    /// <param name="first">Not after the frames that the pitch of the first frame not settled depends on.</param>
    void Save(StateWriter state, int first);

    /// <summary>Makes a new excitation the one that was saved, of the same vocoder and with the same noise.</summary>
    /// <param name="mel">From frame <paramref name="first"/> up to the last that was taken.</param>
    /// <returns>The excitation of the settled frames from <paramref name="first"/> on, [frames * hop], the same bit for bit.</returns>
    /// <exception cref="StateException">The state fits neither the mel nor this vocoder.</exception>
    float[] Restore(StateReader state, Tensor mel, int first);
}

/// <summary>Excitation from the first frame that was not settled before up to the last frame taken.</summary>
/// <param name="Samples">[frames * hop].</param>
/// <param name="SettledFrames">Frames at the head that will not change; the rest comes again with the next piece.</param>
public readonly record struct ExcitationPiece(float[] Samples, int SettledFrames);
