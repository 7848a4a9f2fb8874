namespace CosyVoice.Parity;

/// <summary>The vocoder noise of the model_* folders: uniform, of variance one, the same in every call.</summary>
public static class HashNoise
{
    /// <summary>u[i] = (((i * 2654435761) mod 2^32) >> 8) / 2^24, then (u - 0.5) * sqrt(12).</summary>
    public static void Fill(long first, Span<float> noise)
    {
        for (var i = 0; i < noise.Length; i++)
        {
            var uniform = (unchecked((uint)(first + i) * 2654435761) >> 8) * (1f / (1 << 24));
            noise[i] = (uniform - 0.5f) * 3.4641016f;
        }
    }
}
