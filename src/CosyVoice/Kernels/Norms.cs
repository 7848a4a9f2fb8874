using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>Normalisation of one row. Sums run in 16 lanes, as <see cref="Reductions"/> says.</summary>
public static unsafe class Norms
{
    /// <summary>y = (x - mean) / sqrt(variance + epsilon) * weight + bias; all [n]; y may be x.</summary>
    public static void LayerNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y) =>
        LayerNorm(VectorWidths.Active, x, weight, bias, epsilon, y);

    /// <summary>y = x / sqrt(mean(x^2) + epsilon) * weight; all [n]; y may be x.</summary>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y) =>
        RmsNorm(VectorWidths.Active, x, weight, epsilon, y);

    /// <summary>
    /// x = exp(x - max) / sum, in place. Elements of minus infinity become 0; where there are no others, all become 0.
    /// </summary>
    public static void Softmax(Span<float> x) => Softmax(VectorWidths.Active, x);

    internal static void LayerNorm(
        VectorWidth width, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        Check(x.Length, weight.Length, nameof(weight));
        Check(x.Length, bias.Length, nameof(bias));
        Check(x.Length, y.Length, nameof(y));
        fixed (float* xStart = x, weightStart = weight, biasStart = bias, yStart = y)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    LayerNorm<Lanes16>(xStart, weightStart, biasStart, epsilon, yStart, x.Length);
                    break;
                case VectorWidth.Vector256:
                    LayerNorm<Lanes8>(xStart, weightStart, biasStart, epsilon, yStart, x.Length);
                    break;
                case VectorWidth.Vector128:
                    LayerNorm<Lanes4>(xStart, weightStart, biasStart, epsilon, yStart, x.Length);
                    break;
                default:
                    LayerNorm<Lanes1>(xStart, weightStart, biasStart, epsilon, yStart, x.Length);
                    break;
            }
        }
    }

    internal static void RmsNorm(VectorWidth width, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y)
    {
        Check(x.Length, weight.Length, nameof(weight));
        Check(x.Length, y.Length, nameof(y));
        fixed (float* xStart = x, weightStart = weight, yStart = y)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    RmsNorm<Lanes16>(xStart, weightStart, epsilon, yStart, x.Length);
                    break;
                case VectorWidth.Vector256:
                    RmsNorm<Lanes8>(xStart, weightStart, epsilon, yStart, x.Length);
                    break;
                case VectorWidth.Vector128:
                    RmsNorm<Lanes4>(xStart, weightStart, epsilon, yStart, x.Length);
                    break;
                default:
                    RmsNorm<Lanes1>(xStart, weightStart, epsilon, yStart, x.Length);
                    break;
            }
        }
    }

    internal static void Softmax(VectorWidth width, Span<float> x)
    {
        fixed (float* start = x)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    Softmax<Lanes16>(start, x.Length);
                    break;
                case VectorWidth.Vector256:
                    Softmax<Lanes8>(start, x.Length);
                    break;
                case VectorWidth.Vector128:
                    Softmax<Lanes4>(start, x.Length);
                    break;
                default:
                    Softmax<Lanes1>(start, x.Length);
                    break;
            }
        }
    }

    private static void Check(int expected, int actual, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name} has {actual} elements, x {expected}.", name);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LayerNorm<TLanes>(float* x, float* weight, float* bias, float epsilon, float* y, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var mean = Reductions.Reduce<TLanes, Reductions.Sum>(default, x, count) / count;
        var squares = Reductions.Reduce<TLanes, Reductions.SumOfSquares>(new(mean), x, count);
        var scale = 1 / MathF.Sqrt((squares / count) + epsilon);
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            Element<TLanes>(i);
        }

        for (; i < count; i++)
        {
            Element<Lanes1>(i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Element<T>(int at)
            where T : unmanaged, ILanes<T>
        {
            var centred = (T.Load(x + at) - T.Broadcast(mean)) * T.Broadcast(scale);
            T.MultiplyAdd(centred, T.Load(weight + at), T.Load(bias + at)).Store(y + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RmsNorm<TLanes>(float* x, float* weight, float epsilon, float* y, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var squares = Reductions.Reduce<TLanes, Reductions.SumOfSquares>(new(0), x, count);
        var scale = 1 / MathF.Sqrt((squares / count) + epsilon);
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            (TLanes.Load(x + i) * TLanes.Broadcast(scale) * TLanes.Load(weight + i)).Store(y + i);
        }

        for (; i < count; i++)
        {
            y[i] = x[i] * scale * weight[i];
        }
    }

    private static void Softmax<TLanes>(float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var maximum = Reductions.Reduce<TLanes, Reductions.Maximum>(default, x, count);
        if (maximum == float.NegativeInfinity)
        {
            maximum = 0; // Nothing is visible: every e^(-infinity - 0) is 0, and 0 - not 0 / 0 - is left.
        }

        Elementwise.Loop<TLanes, ExpOfDifference>(new(maximum), x, x, count);
        var sum = Reductions.Reduce<TLanes, Reductions.Sum>(default, x, count);
        Elementwise.Loop<TLanes, ScaleOperator>(new(sum == 0 ? 0 : 1 / sum), x, x, count);
    }

    private readonly struct ExpOfDifference(float subtrahend) : IUnaryOperator
    {
        private readonly float _subtrahend = subtrahend;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, ILanes<T> => LaneMath.Exp(x - T.Broadcast(_subtrahend));
    }
}
