using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The solver's time as a vector: sinusoids of 1000 t, sines then cosines, at frequencies from 1 down to 1/10000,
/// then W_2 silu(W_1 x).
/// </summary>
internal static class TimeEmbedding
{
    private const float Scale = 1000;

    /// <summary>Embeds every t of <paramref name="times"/>: [times, <paramref name="outputs"/>]. The caller owns the result.</summary>
    public static Tensor Compute(
        WeightScope first, WeightScope second, Workers workers, ReadOnlySpan<float> times, int inputs, int outputs)
    {
        using var linear1 = WindowedLinear.Linear(first, inputs, outputs);
        using var linear2 = WindowedLinear.Linear(second, outputs, outputs);
        using var sinusoids = new Tensor(times.Length, inputs);
        using var hidden = new Tensor();
        for (var i = 0; i < times.Length; i++)
        {
            Fill(sinusoids.Row(i), times[i]);
        }

        linear1.Forward(workers, sinusoids, hidden);
        Activations.Silu(hidden.Span);
        var result = new Tensor();
        linear2.Forward(workers, hidden, result);
        return result;
    }

    private static void Fill(Span<float> sinusoids, float time)
    {
        var half = sinusoids.Length / 2;
        var decay = (float)(-Math.Log(10000) / (half - 1));
        for (var i = 0; i < half; i++)
        {
            (sinusoids[i], sinusoids[half + i]) = MathF.SinCos(Scale * time * MathF.Exp(i * decay));
        }
    }
}
