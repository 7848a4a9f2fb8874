namespace CosyOrleans.Service.Tests.Formats;

/// <summary>Sounds whose every sample is known, and what is found in others.</summary>
internal static class Tones
{
    /// <summary>A sine, its value at any time being amplitude * sin(2 pi * hertz * t).</summary>
    public static short[] Sine(double hertz, int sampleRate, double seconds, double amplitude = 16000) =>
        [.. Enumerable.Range(0, (int)Math.Round(seconds * sampleRate)).Select(i => (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * hertz * i / sampleRate)))];

    /// <summary>Amplitude of one frequency in the middle of a sound.</summary>
    public static double Amplitude(ReadOnlySpan<short> samples, double hertz, int sampleRate)
    {
        double re = 0, im = 0, weight = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var window = 1 - Math.Cos(2 * Math.PI * i / samples.Length);
            re += window * samples[i] * Math.Cos(2 * Math.PI * hertz * i / sampleRate);
            im += window * samples[i] * Math.Sin(2 * Math.PI * hertz * i / sampleRate);
            weight += window;
        }

        return 2 * Math.Sqrt((re * re) + (im * im)) / weight;
    }

    public static double Loudness(ReadOnlySpan<short> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return Math.Sqrt(sum / samples.Length);
    }

    /// <summary>Noise that is the same every time.</summary>
    public static short[] Noise(int samples)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
    }

    /// <summary>In pieces of these lengths, over and over.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<short>> Pieces(short[] samples, params int[] lengths)
    {
        for (int at = 0, number = 0; at < samples.Length; number++)
        {
            var length = Math.Min(lengths[number % lengths.Length], samples.Length - at);
            yield return samples.AsMemory(at, length);
            at += length;
        }

        await Task.CompletedTask;
    }
}
