using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CosyVoice.Audio;

/// <summary>Samples as 16-bit integers: times 32768, rounded to nearest with halves away from zero, cut to the range; NaN is silence.</summary>
public static class Pcm16
{
    private const float Scale = 32768;

    public static void FromFloats(ReadOnlySpan<float> samples, Span<short> pcm)
    {
        if (pcm.Length < samples.Length)
        {
            throw new ArgumentException($"{samples.Length} samples do not fit {pcm.Length} integers.", nameof(pcm));
        }

        // One width for every machine: a second of sound is 24,000 samples, which nothing wider would notice.
        var done = 0;
        for (; Vector128.IsHardwareAccelerated && done <= samples.Length - (2 * Vector128<float>.Count); done += 2 * Vector128<float>.Count)
        {
            var low = Round(Vector128.Create(samples[done..]));
            var high = Round(Vector128.Create(samples[(done + Vector128<float>.Count)..]));
            Vector128.NarrowWithSaturation(low, high).CopyTo(pcm[done..]);
        }

        for (; done < samples.Length; done++)
        {
            pcm[done] = FromFloat(samples[done]);
        }
    }

    /// <summary>The same as bytes, little endian, two per sample.</summary>
    public static byte[] ToBytes(ReadOnlySpan<float> samples)
    {
        var bytes = new byte[checked(samples.Length * sizeof(short))];
        var pcm = MemoryMarshal.Cast<byte, short>(bytes.AsSpan());
        FromFloats(samples, pcm);
        if (!BitConverter.IsLittleEndian)
        {
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(pcm, pcm);
        }

        return bytes;
    }

    private static short FromFloat(float sample) =>
        (short)Math.Clamp(MathF.Round(float.IsNaN(sample) ? 0 : sample * Scale, MidpointRounding.AwayFromZero), short.MinValue, short.MaxValue);

    private static Vector128<int> Round(Vector128<float> samples)
    {
        var scaled = samples * Scale;
        var whole = Vector128.Truncate(scaled);
        var one = Vector128.Create(1f) | (scaled & Vector128.Create(-0f)); // With the sign of the sample.
        var away = Vector128.GreaterThanOrEqual(Vector128.Abs(scaled - whole), Vector128.Create(0.5f));
        return Vector128.ConvertToInt32(whole + (one & away)); // Saturates; NaN becomes 0.
    }
}
