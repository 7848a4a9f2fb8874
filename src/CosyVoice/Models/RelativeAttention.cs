using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Self-attention that knows how far apart query and key are (Dai et al. 2019, Transformer-XL):
/// score(i, j) = ((q_i + u) . k_j + (q_i + v) . (W_p r(i - j))) / sqrt(size), u and v learnt per head.
///
/// For a strip of queries the second term is one product with the window of W_p r that the strip can reach. Row i of
/// that product begins one distance later than row i - 1, so it is added with a shift of one per row.
/// </summary>
internal sealed unsafe class RelativeAttention : IDisposable
{
    private readonly int _heads;
    private readonly int _size;
    private readonly WindowedLinear _linearQkv;
    private readonly WindowedLinear _linearPos;
    private readonly float[] _posBiasU; // [heads, size]
    private readonly float[] _posBiasV; // [heads, size]

    public RelativeAttention(WeightScope w, int width, int heads)
    {
        (_heads, _size) = (heads, width / heads);
        _linearQkv = WindowedLinear.Joined([w["linear_q"], w["linear_k"], w["linear_v"]], width, width);
        _linearPos = WindowedLinear.Linear(w["linear_pos"], width, width, bias: false);
        _posBiasU = w.Get("pos_bias_u", heads, _size).ToFloats();
        _posBiasV = w.Get("pos_bias_v", heads, _size).ToFloats();
        LinearOut = WindowedLinear.Linear(w["linear_out"], width, width);
    }

    /// <summary>Left to the caller, who has more to do with the same rows.</summary>
    public WindowedLinear LinearOut { get; }

    /// <summary>Queries, keys and values of rows [start, end): x [T, width] to joined [T, 3 * width].</summary>
    public void Project(Tensor x, Tensor joined, int start, int end) => _linearQkv.Apply(x, joined, start, end);

    /// <summary>Everything between the projections.</summary>
    /// <param name="joined">[T, 3 * width].</param>
    /// <param name="positions">r, [2 T - 1, width].</param>
    /// <param name="output">[T, width].</param>
    public void Attend(Workers workers, Tensor joined, Tensor positions, ChunkMask mask, ConformerScratch scratch, Tensor output)
    {
        _linearPos.Forward(workers, positions, scratch.PositionKeys);
        workers.For(_heads, head =>
        {
            var relative = scratch.Heads.Rent();
            relative.Head.Load(joined, 0, joined.Rows, head, _heads, _size);
            for (var start = 0; start < joined.Rows;)
            {
                var visible = mask.Limit(start, joined.Rows);
                var end = Math.Min(start + AttentionHead.StripRows, mask.ChunkSize == 0 ? joined.Rows : visible);
                ScoreStrip(relative, joined, scratch.PositionKeys, head, start, end, visible);
                relative.Head.Attend(output, start, head * _size);
                start = end;
            }

            scratch.Heads.Return(relative);
        });
    }

    public void Dispose()
    {
        _linearQkv.Dispose();
        _linearPos.Dispose();
        LinearOut.Dispose();
    }

    /// <summary>Leaves the scores of queries [start, end) of one head in its scratch.</summary>
    private void ScoreStrip(RelativeHead relative, Tensor joined, Tensor positionKeys, int head, int start, int end, int visible)
    {
        var rows = end - start;
        var scale = 1 / MathF.Sqrt(_size);
        relative.Queries.Resize(rows, _size);
        relative.PositionQueries.Resize(rows, _size);
        for (var row = 0; row < rows; row++)
        {
            var query = joined.Row(start + row).Slice(head * _size, _size);
            var content = relative.Queries.Row(row);
            var position = relative.PositionQueries.Row(row);
            for (var c = 0; c < _size; c++)
            {
                content[c] = (query[c] + _posBiasU[(head * _size) + c]) * scale;
                position[c] = (query[c] + _posBiasV[(head * _size) + c]) * scale;
            }
        }

        // The last query has the largest distance to key 0, the first the smallest to the last key.
        var byDistance = relative.ScorePositions(positionKeys, joined.Rows - end, visible + rows - 1, head);
        var scores = relative.Head.Score(relative.Queries.Pointer, _size, rows, visible);
        for (var row = 0; row < rows; row++)
        {
            Arithmetic.Add(scores.Row(row)[..visible], byDistance.Row(row).Slice(rows - 1 - row, visible));
        }
    }
}
