using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// Adaptive layer norm (Peebles and Xie 2023): normalise without learnt weights, then scale and shift by what a linear layer
/// makes of the time. The time takes one value per solver step, so the layer runs once, when the model is loaded.
/// </summary>
internal sealed class Modulation : IDisposable
{
    private const float Epsilon = 1e-6f;

    private readonly Tensor _parts = new(); // [steps, parts * width]
    private readonly int _width;

    /// <param name="time">silu(t) of every step, [steps, width].</param>
    /// <param name="parts">How many vectors [width] the layer gives.</param>
    /// <param name="scales">Which of them are scales, stored as what is added to one.</param>
    public Modulation(WeightScope w, Workers workers, Tensor time, int parts, params ReadOnlySpan<int> scales)
    {
        _width = time.Columns;
        using var linear = WindowedLinear.Linear(w["linear"], _width, parts * _width);
        linear.Forward(workers, time, _parts);
        for (var step = 0; step < time.Rows; step++)
        {
            foreach (var part in scales)
            {
                foreach (ref var scale in Part(step, part))
                {
                    scale += 1;
                }
            }
        }
    }

    /// <summary>One of the vectors, [width]; scales have their one.</summary>
    public Span<float> Part(int step, int part) => _parts.Row(step).Slice(part * _width, _width);

    /// <summary>Rows [start, end) of x to y, both [rows, width]: norm(x) * scale + shift.</summary>
    public void Norm(Tensor x, Tensor y, int start, int end, int step, int scale, int shift)
    {
        for (var row = start; row < end; row++)
        {
            Norms.LayerNorm(x.Row(row), Part(step, scale), Part(step, shift), Epsilon, y.Row(row));
        }
    }

    public void Dispose() => _parts.Dispose();
}
