using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// A conformer layer without its convolution (Gulati et al. 2020): x += attention(norm(x)); x += W_2 silu(W_1 norm(x)).
/// </summary>
internal sealed class ConformerLayer : IDisposable
{
    private const float Epsilon = 1e-12f;

    private readonly LayerNorm _normMha;
    private readonly RelativeAttention _selfAttn;
    private readonly LayerNorm _normFf;
    private readonly WindowedLinear _w1;
    private readonly WindowedLinear _w2;
    private readonly int _width;
    private readonly int _linearUnits;

    public ConformerLayer(WeightScope w, FlowEncoderConfig config)
    {
        (_width, _linearUnits) = (config.OutputSize, config.LinearUnits);
        _normMha = new LayerNorm(w["norm_mha"], _width, Epsilon);
        _selfAttn = new RelativeAttention(w["self_attn"], _width, config.AttentionHeads);
        _normFf = new LayerNorm(w["norm_ff"], _width, Epsilon);
        _w1 = WindowedLinear.Linear(w["feed_forward"]["w_1"], _width, _linearUnits);
        _w2 = WindowedLinear.Linear(w["feed_forward"]["w_2"], _linearUnits, _width);
    }

    /// <summary>x [T, width] in place.</summary>
    public void Forward(Workers workers, Tensor x, ChunkMask mask, ConformerScratch s)
    {
        s.Normed.Resize(x.Rows, _width);
        s.Joined.Resize(x.Rows, 3 * _width);
        s.Attended.Resize(x.Rows, _width);
        s.Hidden.Resize(x.Rows, _linearUnits);
        workers.ForRows(x.Rows, WindowedLinear.StripRows, (start, end) =>
        {
            _normMha.Apply(x, s.Normed, start, end);
            _selfAttn.Project(s.Normed, s.Joined, start, end);
        });
        _selfAttn.Attend(workers, s.Joined, s.Positions, mask, s, s.Attended);
        workers.ForRows(x.Rows, WindowedLinear.StripRows, (start, end) =>
        {
            _selfAttn.LinearOut.Apply(s.Attended, x, start, end, accumulate: true);
            _normFf.Apply(x, s.Normed, start, end);
            _w1.Apply(s.Normed, s.Hidden, start, end);
            Activations.Silu(s.Hidden.RowRange(start, end - start));
            _w2.Apply(s.Hidden, x, start, end, accumulate: true);
        });
    }

    public void Dispose()
    {
        _selfAttn.Dispose();
        _w1.Dispose();
        _w2.Dispose();
    }
}
