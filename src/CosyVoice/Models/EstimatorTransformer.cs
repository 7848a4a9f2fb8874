using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// x += W_o attention(norm1(x)); x += W_2 gelu(W_1 norm3(x)): a transformer block of the estimator, without
/// positions, each sequence of the pair by itself.
/// </summary>
internal sealed class EstimatorTransformer : IDisposable
{
    private const float Epsilon = 1e-5f;
    private const int Widening = 4;

    private readonly int _channels;
    private readonly int _heads;
    private readonly int _size;
    private readonly LayerNorm _norm1;
    private readonly WindowedLinear _toQkv;
    private readonly WindowedLinear _toOut;
    private readonly LayerNorm _norm3;
    private readonly WindowedLinear _ffProj;
    private readonly WindowedLinear _ffOut;

    public EstimatorTransformer(WeightScope w, int channels, EstimatorConfig config)
    {
        (_channels, _heads, _size) = (channels, config.Heads, config.AttentionHeadDim);
        var attention = w["attn1"];
        _norm1 = new LayerNorm(w["norm1"], channels, Epsilon);
        _toQkv = WindowedLinear.JoinedWithoutBias(
            [(attention["to_q"], 1 / MathF.Sqrt(_size)), (attention["to_k"], 1), (attention["to_v"], 1)], channels, _heads * _size);
        _toOut = WindowedLinear.Linear(attention["to_out"][0], _heads * _size, channels);
        _norm3 = new LayerNorm(w["norm3"], channels, Epsilon);
        _ffProj = WindowedLinear.Linear(w["ff"]["net"][0]["proj"], channels, Widening * channels);
        _ffOut = WindowedLinear.Linear(w["ff"]["net"][2], Widening * channels, channels);
    }

    /// <summary>x [rows, channels] in place.</summary>
    public void Forward(Workers workers, FramePair frames, ChunkMask mask, Tensor x, EstimatorScratch s)
    {
        s.Normed.Resize(frames.Rows, _channels);
        s.Projected.Resize(frames.Rows, 3 * _heads * _size);
        s.Attended.Resize(frames.Rows, _heads * _size);
        s.Hidden.Resize(frames.Rows, Widening * _channels);
        frames.For(workers, (start, end) =>
        {
            _norm1.Apply(x, s.Normed, start, end);
            _toQkv.Apply(s.Normed, s.Projected, start, end);
        });
        FramePairAttention.Attend(workers, frames, mask, _heads, _size, s);
        frames.For(workers, (start, end) =>
        {
            _toOut.Apply(s.Attended, x, start, end, accumulate: true);
            _norm3.Apply(x, s.Normed, start, end);
            _ffProj.Apply(s.Normed, s.Hidden, start, end);
            Activations.GeluErf(s.Hidden.RowRange(start, end - start));
            _ffOut.Apply(s.Hidden, x, start, end, accumulate: true);
        });
    }

    public void Dispose()
    {
        _toQkv.Dispose();
        _toOut.Dispose();
        _ffProj.Dispose();
        _ffOut.Dispose();
    }
}
