using System.Numerics;

namespace CosyVoice.Kernels;

/// <summary>Element-wise sums and products, in place.</summary>
public static class Arithmetic
{
    /// <summary>x += y; both [n].</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y)
    {
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"{y.Length} elements cannot be added to {x.Length}.", nameof(y));
        }

        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(x[i..]) + new Vector<float>(y[i..])).CopyTo(x[i..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] += y[i];
        }
    }

    /// <summary>x *= factor; x is [n].</summary>
    public static void Scale(Span<float> x, float factor)
    {
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(x[i..]) * factor).CopyTo(x[i..]);
        }

        for (; i < x.Length; i++)
        {
            x[i] *= factor;
        }
    }
}
