using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>
/// A convolution along time in which every channel sees only itself. Taps are added in ascending order by fused multiply-adds,
/// whatever the vector's width.
/// </summary>
internal static unsafe class DepthwiseConvolution
{
    /// <summary>
    /// Rows [start, end) of y[t, c] += sum over j of weight[j, c] x[t + j - before, c]; outside x there are zeros.
    /// </summary>
    /// <param name="x">[rows, channels], rows <paramref name="xStride"/> apart.</param>
    /// <param name="weight">[taps, channels].</param>
    /// <param name="y">[rows, channels], contiguous.</param>
    public static void Add(
        VectorWidth width, float* x, long xStride, int rows, ReadOnlySpan<float> weight, int channels, int before, float* y, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end);
        if (channels < 1 || weight.Length % channels != 0)
        {
            throw new ArgumentException($"{weight.Length} weights for {channels} channels.", nameof(weight));
        }

        fixed (float* weights = weight)
        {
            var convolution = new Windows(x, xStride, rows, weights, weight.Length / channels, channels, before, y);
            switch (width)
            {
                case VectorWidth.Vector512:
                    Run<Lanes16>(convolution, start, end);
                    break;
                case VectorWidth.Vector256:
                    Run<Lanes8>(convolution, start, end);
                    break;
                case VectorWidth.Vector128:
                    Run<Lanes4>(convolution, start, end);
                    break;
                default:
                    Run<Lanes1>(convolution, start, end);
                    break;
            }
        }
    }

    private static void Run<TLanes>(in Windows windows, int start, int end)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var whole = windows.Channels / TLanes.Count * TLanes.Count;
        for (var t = start; t < end; t++)
        {
            Row<TLanes>(windows, t, 0, whole);
            Row<Lanes1>(windows, t, whole, windows.Channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<TLanes>(in Windows windows, int t, int from, int to)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var first = Math.Max(0, windows.Before - t);
        var last = Math.Min(windows.Taps, windows.Rows - t + windows.Before);
        var window = windows.X + ((t - windows.Before) * windows.XStride);
        var target = windows.Y + ((long)t * windows.Channels);
        for (var c = from; c < to; c += TLanes.Count)
        {
            var sum = TLanes.Load(target + c);
            for (var tap = first; tap < last; tap++)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(windows.Weights + (tap * windows.Channels) + c), TLanes.Load(window + (tap * windows.XStride) + c), sum);
            }

            sum.Store(target + c);
        }
    }

    private readonly struct Windows(float* x, long xStride, int rows, float* weights, int taps, int channels, int before, float* y)
    {
        public readonly float* X = x; // [rows, channels]
        public readonly long XStride = xStride;
        public readonly int Rows = rows;
        public readonly float* Weights = weights; // [taps, channels]
        public readonly int Taps = taps;
        public readonly int Channels = channels;
        public readonly int Before = before;
        public readonly float* Y = y; // [rows, channels]
    }
}
