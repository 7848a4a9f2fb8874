using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Self-attention of an estimator, each sequence of the pair and each head by itself.</summary>
internal static unsafe class FramePairAttention
{
    /// <summary>s.Projected [rows, 3 * heads * size], queries already scaled, to s.Attended [rows, heads * size].</summary>
    public static void Attend(Workers workers, FramePair frames, ChunkMask mask, int heads, int size, EstimatorScratch s)
    {
        workers.For(FramePair.Sequences * heads, index =>
        {
            var (sequence, head) = (index / heads, index % heads);
            var first = frames.Start(sequence);
            var attention = s.Heads.Rent();
            attention.Load(s.Projected, first, frames.Frames, head, heads, size);
            for (var start = 0; start < frames.Frames;)
            {
                var visible = mask.Limit(start, frames.Frames);
                var end = Math.Min(start + AttentionHead.StripRows, mask.ChunkSize == 0 ? frames.Frames : visible);
                var queries = s.Projected.Pointer + ((long)(first + start) * s.Projected.Columns) + (head * size);
                attention.Score(queries, s.Projected.Columns, end - start, visible);
                attention.Attend(s.Attended, first + start, head * size);
                start = end;
            }

            s.Heads.Return(attention);
        });
    }
}
