using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>x + sin^2(alpha x) / (alpha + 1e-9) per channel (Ziyin et al., 2020; BigVGAN's form).</summary>
internal static unsafe class Snake
{
    /// <summary>Channels whose reciprocals are kept on the stack, to divide once for a channel and not for an element.</summary>
    private const int Chunk = 512;

    public static void Apply(VectorWidth width, ReadOnlySpan<float> x, ReadOnlySpan<float> alpha, Span<float> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"y has {y.Length} elements, x {x.Length}.", nameof(y));
        }

        if (alpha.IsEmpty || x.Length % alpha.Length != 0)
        {
            throw new ArgumentException($"{x.Length} elements are no whole rows of {alpha.Length} channels.", nameof(x));
        }

        fixed (float* xStart = x, alphaStart = alpha, yStart = y)
        {
            for (var channel = 0; channel < alpha.Length; channel += Chunk)
            {
                var channels = Math.Min(Chunk, alpha.Length - channel);
                var rows = x.Length / alpha.Length;
                var from = xStart + channel;
                var to = yStart + channel;
                switch (width)
                {
                    case VectorWidth.Vector512:
                        Rows<Lanes16>(from, alphaStart + channel, to, rows, channels, alpha.Length);
                        break;
                    case VectorWidth.Vector256:
                        Rows<Lanes8>(from, alphaStart + channel, to, rows, channels, alpha.Length);
                        break;
                    case VectorWidth.Vector128:
                        Rows<Lanes4>(from, alphaStart + channel, to, rows, channels, alpha.Length);
                        break;
                    default:
                        Rows<Lanes1>(from, alphaStart + channel, to, rows, channels, alpha.Length);
                        break;
                }
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TLanes>(float* x, float* alpha, float* y, int rows, int channels, int stride)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var reciprocals = stackalloc float[Chunk];
        for (var n = 0; n < channels; n++)
        {
            reciprocals[n] = 1 / (alpha[n] + 1e-9f);
        }

        for (var row = 0; row < rows; row++, x += stride, y += stride)
        {
            var n = 0;
            for (; n <= channels - TLanes.Count; n += TLanes.Count)
            {
                Element<TLanes>(x + n, alpha + n, reciprocals + n, y + n);
            }

            for (; n < channels; n++)
            {
                Element<Lanes1>(x + n, alpha + n, reciprocals + n, y + n);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Element<TLanes>(float* x, float* alpha, float* reciprocal, float* y)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var value = TLanes.Load(x);
        var squared = LaneMath.SinSquared(value * TLanes.Load(alpha));
        TLanes.MultiplyAdd(squared, TLanes.Load(reciprocal), value).Store(y);
    }
}
