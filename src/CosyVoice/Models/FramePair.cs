using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// How the estimator lays out its two sequences, the guided and the unguided one, in one tensor: one above the other,
/// each below the rows of zeros that a causal convolution of three taps begins with. So every product takes both
/// at once. Between convolutions the gap holds whatever the layers made of it; nothing else reads it.
/// </summary>
/// <param name="Frames">Frames of one sequence.</param>
internal readonly record struct FramePair(int Frames)
{
    public const int Sequences = 2;

    /// <summary>Rows before each sequence.</summary>
    public const int Gap = 2;

    public const int Taps = Gap + 1;

    public int Rows => Sequences * (Gap + Frames);

    /// <summary>The row of a sequence's first frame.</summary>
    public int Start(int sequence) => Gap + (sequence * (Gap + Frames));

    /// <summary>Runs body(start, end) over strips of all rows but the first gap.</summary>
    public void For(Workers workers, Action<int, int> body) =>
        workers.ForRows(Rows - Gap, WindowedLinear.StripRows, (start, end) => body(Gap + start, Gap + end));

    /// <summary>Zeros before each sequence of x [Rows, channels], whose convolution comes next.</summary>
    public void ClearGaps(Tensor x)
    {
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            x.RowRange(Start(sequence) - Gap, Gap).Clear();
        }
    }
}
