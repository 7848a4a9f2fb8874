using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// Self-attention that knows how far apart query and key are (Dai et al. 2019, Transformer-XL):
/// score(i, j) = ((q_i + u) . k_j + (q_i + v) . (W_p r(i - j))) / sqrt(size), u and v learnt per head.
///
/// u and v are biases of two copies of the query's projection. The second term is a product with all distances, whose row i,
/// read one distance later than row i - 1, joins the mask.
/// </summary>
internal sealed class TorchRelativeAttention
{
    private const int Parts = 4;

    private readonly int _heads;
    private readonly int _size;
    private readonly Projection _linearQkv; // Query + u, query + v over sqrt(size), key, value.
    private readonly Projection _linearPos;
    private readonly Projection _linearOut;

    public TorchRelativeAttention(FlowStore store, WeightScope w, int width, int heads)
    {
        (_heads, _size) = (heads, width / heads);
        var query = w["linear_q"].Get("weight", width, width).ToFloats();
        var queryBias = w["linear_q"].Get("bias", width).ToFloats();
        var (u, v) = (w.Get("pos_bias_u", heads, _size).ToFloats(), w.Get("pos_bias_v", heads, _size).ToFloats());
        var scale = 1 / MathF.Sqrt(_size);
        _linearQkv = new Projection(
            store,
            [
                .. query, .. query.Select(value => value * scale),
                .. w["linear_k"].Get("weight", width, width).ToFloats(), .. w["linear_v"].Get("weight", width, width).ToFloats(),
            ],
            [
                .. queryBias.Zip(u, (bias, add) => bias + add), .. queryBias.Zip(v, (bias, add) => (bias + add) * scale),
                .. w["linear_k"].Get("bias", width).ToFloats(), .. w["linear_v"].Get("bias", width).ToFloats(),
            ],
            width);
        _linearPos = new Projection(store, w["linear_pos"], width, width, bias: false);
        _linearOut = new Projection(store, w["linear_out"], width, width);
    }

    /// <param name="x">[batch, size, width].</param>
    /// <param name="positions">[1, 2 size, width], distances from size - 1 down.</param>
    /// <param name="mask">[batch, 1, size, size].</param>
    public Tensor Forward(Tensor x, Tensor positions, Tensor mask)
    {
        var (batch, rows) = (x.shape[0], x.shape[1]);
        var parts = _linearQkv.Apply(x).view(batch, rows, Parts, _heads, _size).permute(2, 0, 3, 1, 4); // [parts, batch, heads, rows, size]
        var queries = parts.select(0, 1).reshape(batch * _heads, rows, _size);
        var distances = _linearPos.Apply(positions).view(2 * rows, _heads, _size).permute(1, 2, 0) // [heads, size, 2 rows]
            .expand(batch, -1, -1, -1).reshape(batch * _heads, _size, 2 * rows);
        var scores = queries.bmm(distances).as_strided(
            [batch, _heads, rows, rows], [2 * _heads * rows * rows, 2 * rows * rows, (2 * rows) - 1, 1], rows - 1);
        var attended = functional.scaled_dot_product_attention(parts.select(0, 0), parts.select(0, 2), parts.select(0, 3), scores + mask);
        return _linearOut.Apply(attended.transpose(1, 2).reshape(batch, rows, _heads * _size));
    }
}
