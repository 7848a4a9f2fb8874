using CosyVoice.Kernels;
using CosyVoice.State;

namespace CosyVoice.Audio;

/// <summary>Mel frames in the order of time, taken at one end and forgotten at the other.</summary>
internal sealed class FrameQueue : IDisposable
{
    /// <summary>More than any queue holds that this engine wrote down.</summary>
    private const int MostSavedFrames = 4096;

    private const int MostSavedBins = 1024;

    /// <summary>The frames held, [frames, bins].</summary>
    public Tensor Frames { get; } = new();

    /// <summary>Index of the first frame held, counted from the start of the utterance.</summary>
    public int First { get; private set; }

    /// <summary>Frames taken so far.</summary>
    public int End => First + Frames.Rows;

    public void Append(Tensor mel)
    {
        var before = Frames.Rows;
        if (before == 0)
        {
            Frames.Resize(mel.Rows, mel.Columns);
        }
        else if (mel.Columns == Frames.Columns)
        {
            Frames.ResizeRows(before + mel.Rows);
        }
        else
        {
            throw new ArgumentException($"mel has {mel.Columns} bins, the frames before it {Frames.Columns}.", nameof(mel));
        }

        mel.Span.CopyTo(Frames.RowRange(before, mel.Rows));
    }

    /// <summary>Forgets every frame before <paramref name="first"/>.</summary>
    public void DropBefore(int first)
    {
        var gone = Math.Clamp(first - First, 0, Frames.Rows);
        var kept = Frames.Rows - gone;
        Frames.RowRange(gone, kept).CopyTo(Frames.Span);
        Frames.ResizeRows(kept);
        First += gone;
    }

    public void Save(StateWriter state)
    {
        state.Write([First, Frames.Rows, Frames.Columns]);
        state.Write(Frames.Span);
    }

    /// <summary>Makes an empty queue the one that was saved.</summary>
    public void Restore(StateReader state)
    {
        var first = state.ReadInt("first frame", 0, int.MaxValue / 2);
        var rows = state.ReadInt("frames", 0, MostSavedFrames);
        var columns = state.ReadInt("bins", 0, MostSavedBins);
        using var frames = Tensor.From(state.ReadFloats(rows * columns), rows, columns);
        Restore(first, frames);
    }

    /// <summary>Makes an empty queue hold these frames, the first of which is frame <paramref name="first"/>.</summary>
    public void Restore(int first, Tensor frames)
    {
        Append(frames);
        First = first;
    }

    public void Dispose() => Frames.Dispose();
}
