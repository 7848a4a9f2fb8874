namespace CosyOrleans.Service.Synthesis;

/// <summary>Float samples in [-1, 1) to 16 bit.</summary>
internal static class Pcm16
{
    private const float FullScale = 32768;

    /// <summary>Rounds to nearest and saturates, so that a sample over full scale clips instead of wrapping around.</summary>
    public static void Quantise(ReadOnlySpan<float> samples, Span<short> destination)
    {
        for (int i = 0; i < samples.Length; i++)
            destination[i] = (short)Math.Clamp(MathF.Round(samples[i] * FullScale), short.MinValue, short.MaxValue);
    }
}
