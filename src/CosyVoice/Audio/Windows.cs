namespace CosyVoice.Audio;

/// <summary>Window functions.</summary>
internal static class Windows
{
    /// <summary>Hann's with period <paramref name="size"/>, for spectra.</summary>
    public static double[] PeriodicHann(int size) => [.. Enumerable.Range(0, size).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / size)))];

    /// <summary>Povey's: the symmetric Hann to the power of 0.85.</summary>
    public static double[] Povey(int size) =>
        [.. Enumerable.Range(0, size).Select(i => Math.Pow(0.5 - (0.5 * Math.Cos(2 * Math.PI * i / (size - 1))), 0.85))];

    /// <summary>The samples with <paramref name="edge"/> more at either end, reflected without repeating the first or the last.</summary>
    /// <exception cref="ArgumentException">Fewer than edge + 1 samples.</exception>
    public static float[] Reflect(ReadOnlySpan<float> samples, int edge)
    {
        if (samples.Length <= edge)
        {
            throw new ArgumentException($"{samples.Length} samples cannot be reflected over {edge}; {edge + 1} are the least.", nameof(samples));
        }

        var padded = new float[samples.Length + (2 * edge)];
        samples.CopyTo(padded.AsSpan(edge));
        for (var i = 1; i <= edge; i++)
        {
            padded[edge - i] = samples[i];
            padded[edge + samples.Length - 1 + i] = samples[samples.Length - 1 - i];
        }

        return padded;
    }
}
