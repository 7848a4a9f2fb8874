using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>The speaker embedding at length one, projected to as many values as the mel has bins.</summary>
internal sealed class SpeakerProjection(WeightScope w, FlowConfig config) : IDisposable
{
    private readonly WindowedLinear _linear = WindowedLinear.Linear(w, config.SpeakerEmbeddingSize, config.OutputSize);

    /// <summary>[speaker embedding size] to [1, mel bins]; the caller owns the result.</summary>
    public Tensor Project(Workers workers, ReadOnlySpan<float> embedding)
    {
        using var unit = Tensor.From(embedding, 1, embedding.Length);
        var squares = 0.0;
        foreach (var value in embedding)
        {
            squares += (double)value * value;
        }

        Arithmetic.Scale(unit.Span, (float)(1 / Math.Max(Math.Sqrt(squares), 1e-12)));
        var projected = new Tensor();
        _linear.Forward(workers, unit, projected);
        return projected;
    }

    public void Dispose() => _linear.Dispose();
}
