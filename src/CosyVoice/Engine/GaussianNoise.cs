using System.Runtime.CompilerServices;
using CosyVoice.Kernels;
using CosyVoice.Kernels.Lanes;

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
        Span<float> radii = stackalloc float[Pairs];
        Span<float> angles = stackalloc float[Pairs];
        for (var pair = 0; pair < Pairs; pair++)
        {
            var bits = CounterRandom.Mix(unchecked(_key + ((ulong)((index * Pairs) + pair) * Gamma)));
            radii[pair] = ((uint)(bits >> 40) + 1) * (1f / (1 << 24)); // In (0, 1].
            angles[pair] = (int)bits * (MathF.PI / (1u << 31));
        }

        Elementwise.Apply(VectorWidths.Active, default(BoxMullerRadius), radii, radii);
        Activations.Cos(angles, block[..Pairs]);
        Activations.Sin(angles, block[Pairs..]);
        for (var pair = 0; pair < Pairs; pair++)
        {
            block[pair] *= radii[pair];
            block[Pairs + pair] *= radii[pair];
        }
    }

    /// <summary>sqrt(-2 ln x) of x in (0, 1].</summary>
    private readonly struct BoxMullerRadius : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, ILanes<T>
        {
            // x = 2^n (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); ln(1 + f) = 2 artanh(f / (2 + f)).
            const float Rounder = 12582912; // 1.5 * 2^23, which holds an integer in its low bits.
            var n = T.ShiftRight(T.SubtractBits(x, T.Broadcast(0.70710677f)), 23);
            var f = T.SubtractBits(x, T.ShiftLeft(n, 23)) - T.Broadcast(1);
            var s = f / (f + T.Broadcast(2));
            var square = s * s;
            var series = T.MultiplyAdd(square, T.Broadcast(2f / 9), T.Broadcast(2f / 7));
            series = T.MultiplyAdd(series, square, T.Broadcast(2f / 5));
            series = T.MultiplyAdd(series, square, T.Broadcast(2f / 3));
            series = T.MultiplyAdd(series, square, T.Broadcast(2));
            var exponent = T.AddBits(n, T.Broadcast(Rounder)) - T.Broadcast(Rounder);
            var logarithm = T.MultiplyAdd(exponent, T.Broadcast(0.6931472f), series * s);
            return T.Sqrt(logarithm * T.Broadcast(-2));
        }
    }
}
