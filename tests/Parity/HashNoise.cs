namespace CosyVoice.Parity;

/// <summary>The vocoder noise of the model_* folders: a hash of the index.</summary>
public static class HashNoise
{
    /// <summary>Of version 2, uniform with variance one: (u - 0.5) * sqrt(12).</summary>
    public static void Fill(long first, Span<float> noise)
    {
        FillUniform(first, noise);
        foreach (ref var value in noise)
        {
            value = (value - 0.5f) * 3.4641016f;
        }
    }

    /// <summary>Of version 3, uniform: u[i] = (((i * 2654435761) mod 2^32) >> 8) / 2^24.</summary>
    public static void FillUniform(long first, Span<float> noise)
    {
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (unchecked((uint)(first + i) * 2654435761) >> 8) * (1f / (1 << 24));
        }
    }
}
