namespace CosyVoice.Engine;

/// <summary>
/// Standard normal numbers as a pure function of seed, segment and index, so that a sample of a stream gets the
/// same noise however the stream is cut: SplitMix64 over a counter (Steele, Lea, Flood 2014), Box-Muller.
/// </summary>
public sealed class GaussianNoise
{
    private const int Pairs = 128; // A block of 2 * Pairs numbers: cosines first, then sines.
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private readonly ulong _key;

    public GaussianNoise(int seed, int segment) => _key = CounterRandom.Mix(((ulong)(uint)seed << 32) | (uint)segment);

    /// <summary>Numbers <paramref name="first"/> and following.</summary>
    public void Fill(long first, Span<float> noise)
    {
        Span<float> block = stackalloc float[2 * Pairs];
        while (!noise.IsEmpty)
        {
            var skip = (int)(first % block.Length);
            var count = Math.Min(noise.Length, block.Length - skip);
            FillBlock(first / block.Length, block);
            block.Slice(skip, count).CopyTo(noise);
            noise = noise[count..];
            first += count;
        }
    }

    private void FillBlock(long index, Span<float> block)
    {
        var cosines = block[..Pairs];
        var sines = block[Pairs..];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var bits = CounterRandom.Mix(unchecked(_key + ((ulong)((index * Pairs) + pair) * Gamma)));
            var uniform = ((uint)(bits >> 40) + 1) * (1f / (1 << 24)); // In (0, 1].
            var angle = (int)bits * (MathF.PI / (1u << 31));
            var radius = MathF.Sqrt(-2 * MathF.Log(uniform));
            (cosines[pair], sines[pair]) = (radius * MathF.Cos(angle), radius * MathF.Sin(angle));
        }
    }
}
