using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// How an estimator lays out its two sequences, the guided and the unguided one, in one tensor: one above the other,
/// each below the rows of zeros that its causal convolutions begin with, so that they read their input in place.
/// </summary>
/// <param name="Frames">Frames of one sequence.</param>
/// <param name="Gap">Rows before each sequence: one less than the taps of the estimator's convolutions.</param>
internal readonly record struct FramePair(int Frames, int Gap)
{
    public const int Sequences = 2;

    public int Rows => Sequences * (Gap + Frames);

    /// <summary>The row of a sequence's first frame.</summary>
    public int Start(int sequence) => Gap + (sequence * (Gap + Frames));

    /// <summary>The frame that a row holds, counted within its sequence.</summary>
    public int Position(int row) => (row % (Gap + Frames)) - Gap;

    /// <summary>Runs body(start, end) over strips of the rows of all frames, equally many for every thread.</summary>
    public void For(Workers workers, Action<int, int> body)
    {
        var (frames, pair) = (Frames, this);
        var parts = (Frames + WindowedLinear.StripRows - 1) / WindowedLinear.StripRows;
        while (Sequences * parts % workers.Threads != 0)
        {
            parts++;
        }

        var grain = frames / parts < 4 * WindowedLinear.TileRows ? 1 : WindowedLinear.TileRows;
        workers.For(Sequences * parts, strip =>
        {
            var (sequence, part) = (strip / parts, strip % parts);
            var (start, end) = (Bound(part), Bound(part + 1));
            if (start < end)
            {
                body(pair.Start(sequence) + start, pair.Start(sequence) + end);
            }
        });

        int Bound(int part) => part == parts ? frames : (int)(((2L * frames * part / parts) + grain) / (2 * grain)) * grain;
    }

    /// <summary>Zeros before each sequence of x [Rows, channels], whose convolution comes next.</summary>
    public void ClearGaps(Tensor x)
    {
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            x.RowRange(Start(sequence) - Gap, Gap).Clear();
        }
    }
}
