using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>Mel frames in the order of time, taken at one end and forgotten at the other.</summary>
internal sealed class FrameQueue : IDisposable
{
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

    public void Dispose() => Frames.Dispose();
}
