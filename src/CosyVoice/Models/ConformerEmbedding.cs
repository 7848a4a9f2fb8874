using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>norm(W x + b) sqrt(width): what stands in front of a stack of conformer layers.</summary>
internal sealed class ConformerEmbedding : IDisposable
{
    private readonly WindowedLinear _linear;
    private readonly LayerNorm _norm;
    private readonly float _scale;

    public ConformerEmbedding(WeightScope w, int inputs, int width)
    {
        _linear = WindowedLinear.Linear(w["out"][0], inputs, width);
        _norm = new LayerNorm(w["out"][1], width, 1e-5f);
        _scale = MathF.Sqrt(width);
    }

    /// <summary>All of x [rows, inputs] to the first rows of y [at least as many, width].</summary>
    public void Forward(Workers workers, Tensor x, Tensor y) => workers.ForRows(x.Rows, WindowedLinear.StripRows, (start, end) =>
    {
        _linear.Apply(x, y, start, end);
        _norm.Apply(y, y, start, end);
        Arithmetic.Scale(y.RowRange(start, end - start), _scale);
    });

    public void Dispose() => _linear.Dispose();
}
