using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>mish(norm(conv(x))) with a causal convolution of three taps.</summary>
internal sealed class CausalBlock : IDisposable
{
    public const int Taps = 3;

    private readonly WindowedLinear _conv;
    private readonly LayerNorm _norm;

    public CausalBlock(WeightScope w, int inputs, int outputs)
    {
        _conv = WindowedLinear.Convolution(w["block"][0], inputs, outputs, Taps);
        _norm = new LayerNorm(w["block"][2], outputs, 1e-5f);
    }

    /// <summary>Rows [start, end) of x [rows, inputs], gaps cleared, to y [rows, outputs].</summary>
    public void Apply(Tensor x, Tensor y, int start, int end)
    {
        _conv.Apply(x, y, start, end);
        _norm.Apply(y, y, start, end);
        Activations.Mish(y.RowRange(start, end - start));
    }

    public void Dispose() => _conv.Dispose();
}
