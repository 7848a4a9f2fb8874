using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>A function of one number, written once for every width.</summary>
internal interface IUnaryOperator
{
    T Invoke<T>(T x)
        where T : unmanaged, ILanes<T>;
}

/// <summary>A function of two numbers, written once for every width.</summary>
internal interface IBinaryOperator
{
    T Invoke<T>(T x, T y)
        where T : unmanaged, ILanes<T>;
}

/// <summary>The loops over elements, one for each shape of operator: whole vectors, then one that is filled up.</summary>
internal static unsafe class Elementwise
{
    /// <summary>target[i] = f(x[i]); target may be x.</summary>
    public static void Apply<TOperator>(VectorWidth width, TOperator function, ReadOnlySpan<float> x, Span<float> target)
        where TOperator : struct, IUnaryOperator
    {
        Check(x.Length, target.Length, nameof(target));
        fixed (float* xStart = x, targetStart = target)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    Loop<Lanes16, TOperator>(function, xStart, targetStart, x.Length);
                    break;
                case VectorWidth.Vector256:
                    Loop<Lanes8, TOperator>(function, xStart, targetStart, x.Length);
                    break;
                case VectorWidth.Vector128:
                    Loop<Lanes4, TOperator>(function, xStart, targetStart, x.Length);
                    break;
                default:
                    Loop<Lanes1, TOperator>(function, xStart, targetStart, x.Length);
                    break;
            }
        }
    }

    /// <summary>target[i] = f(x[i], y[i]); target may be x or y.</summary>
    public static void Apply<TOperator>(
        VectorWidth width, TOperator function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> target)
        where TOperator : struct, IBinaryOperator
    {
        Check(x.Length, y.Length, nameof(y));
        Check(x.Length, target.Length, nameof(target));
        fixed (float* xStart = x, yStart = y, targetStart = target)
        {
            switch (width)
            {
                case VectorWidth.Vector512:
                    Loop<Lanes16, TOperator>(function, xStart, yStart, targetStart, x.Length);
                    break;
                case VectorWidth.Vector256:
                    Loop<Lanes8, TOperator>(function, xStart, yStart, targetStart, x.Length);
                    break;
                case VectorWidth.Vector128:
                    Loop<Lanes4, TOperator>(function, xStart, yStart, targetStart, x.Length);
                    break;
                default:
                    Loop<Lanes1, TOperator>(function, xStart, yStart, targetStart, x.Length);
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

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Loop<TLanes, TOperator>(TOperator function, float* x, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TOperator : struct, IUnaryOperator
    {
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            function.Invoke(TLanes.Load(x + i)).Store(target + i);
        }

        if (i < count)
        {
            var tail = stackalloc float[TLanes.Count];
            CopyTail(x + i, tail, count - i, TLanes.Count);
            function.Invoke(TLanes.Load(tail)).Store(tail);
            new Span<float>(tail, count - i).CopyTo(new(target + i, count - i));
        }
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<TLanes, TOperator>(TOperator function, float* x, float* y, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TOperator : struct, IBinaryOperator
    {
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            function.Invoke(TLanes.Load(x + i), TLanes.Load(y + i)).Store(target + i);
        }

        if (i < count)
        {
            var xTail = stackalloc float[TLanes.Count];
            var yTail = stackalloc float[TLanes.Count];
            CopyTail(x + i, xTail, count - i, TLanes.Count);
            CopyTail(y + i, yTail, count - i, TLanes.Count);
            function.Invoke(TLanes.Load(xTail), TLanes.Load(yTail)).Store(xTail);
            new Span<float>(xTail, count - i).CopyTo(new(target + i, count - i));
        }
    }

    /// <summary>What is left of x, filled up with zeros to one vector.</summary>
    private static void CopyTail(float* x, float* tail, int count, int lanes)
    {
        new Span<float>(x, count).CopyTo(new(tail, lanes));
        new Span<float>(tail + count, lanes - count).Clear();
    }
}
