using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Predicts the pitch of mel frames, on the processor or on a device.</summary>
internal interface IPitchPredictor
{
    /// <summary>Frames before a frame that its pitch depends on.</summary>
    int Before { get; }

    /// <summary>Frames behind a frame that its pitch depends on.</summary>
    int After { get; }

    /// <summary>
    /// The pitch of a passage; what lies outside counts as zeros. The same bits for a frame whatever the passage, if
    /// it holds all that the frame depends on.
    /// </summary>
    /// <param name="mel">[frames, mel bins].</param>
    /// <param name="first">Index of its first frame, counted from the start of the utterance.</param>
    /// <returns>f0 in Hz, [frames, 1], a tensor of <paramref name="scratch"/>.</returns>
    Tensor Forward(Workers workers, Tensor mel, int first, HiftScratch scratch);
}
