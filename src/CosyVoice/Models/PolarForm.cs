using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// HiFT's last layer gives a spectrum as log magnitudes and as numbers whose sine is the angle; the inverse transform wants
/// real and imaginary parts.
/// </summary>
internal static class PolarForm
{
    private const int BlockElements = 2048;

    /// <param name="spectrum">[frames, 2 * bins], in place; magnitudes are cut at <paramref name="limit"/>.</param>
    public static void ToComplex(Workers workers, Tensor spectrum, float limit) =>
        workers.ForRows(
            spectrum.Rows, Math.Max(1, BlockElements / spectrum.Columns),
            (start, end) => ToComplex(spectrum.RowRange(start, end - start), spectrum.Columns / 2, limit));

    /// <remarks>Sorted by kind first, since a row is shorter than a vector.</remarks>
    private static void ToComplex(Span<float> rows, int bins, float limit)
    {
        Span<float> magnitudes = stackalloc float[rows.Length / 2];
        Span<float> cosines = stackalloc float[rows.Length / 2];
        Span<float> sines = stackalloc float[rows.Length / 2];
        for (var i = 0; i < magnitudes.Length; i += bins)
        {
            rows.Slice(2 * i, bins).CopyTo(magnitudes[i..]);
            rows.Slice((2 * i) + bins, bins).CopyTo(sines[i..]);
        }

        Activations.Exp(magnitudes, magnitudes);
        Activations.Sin(sines, sines);
        Activations.Cos(sines, cosines);
        Activations.Sin(sines, sines);
        for (var i = 0; i < magnitudes.Length; i++)
        {
            var magnitude = MathF.Min(magnitudes[i], limit);
            var target = (2 * i) - (i % bins);
            rows[target] = magnitude * cosines[i];
            rows[target + bins] = magnitude * sines[i];
        }
    }
}
