using CosyVoice.Kernels;

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
}

/// <summary>Excitation from the first frame that was not settled before up to the last frame taken.</summary>
/// <param name="Samples">[frames * hop].</param>
/// <param name="SettledFrames">Frames at the head that will not change; the rest comes again with the next piece.</param>
public readonly record struct ExcitationPiece(float[] Samples, int SettledFrames);
