using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// r(d), the sinusoid of the distance d = query - key, for all distances of a sequence: [2 length - 1, width], from
/// d = length - 1 down to d = 1 - length. r(d)[2m] = sin(d w_m), r(d)[2m + 1] = cos(d w_m), w_m = 10000^(-2m / width).
/// </summary>
internal static class RelativePositions
{
    public static void Fill(Workers workers, Tensor table, int length, int width)
    {
        table.Resize((2 * length) - 1, width);
        var rates = Rates(width);
        workers.ForRows(length, WindowedLinear.StripRows, (start, end) =>
        {
            for (var distance = start; distance < end; distance++)
            {
                FillPair(table.Row(length - 1 - distance), table.Row(length - 1 + distance), distance, rates);
            }
        });
    }

    /// <summary>w_m for every pair of channels, [width / 2], rounded up.</summary>
    public static float[] Rates(int width) =>
        [.. Enumerable.Range(0, (width + 1) / 2).Select(m => MathF.Exp(2 * m * (float)(-Math.Log(10000) / width)))];

    private static void FillPair(Span<float> ahead, Span<float> behind, int distance, ReadOnlySpan<float> rates)
    {
        for (var i = 0; i < ahead.Length; i += 2)
        {
            var (sine, cosine) = MathF.SinCos(distance * rates[i / 2]);
            (ahead[i], behind[i]) = (sine, -sine);
            if (i + 1 < ahead.Length)
            {
                ahead[i + 1] = behind[i + 1] = cosine;
            }
        }
    }
}
