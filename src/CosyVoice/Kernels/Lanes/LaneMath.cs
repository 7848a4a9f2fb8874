using System.Runtime.CompilerServices;

namespace CosyVoice.Kernels.Lanes;

/// <summary>
/// Transcendental functions in single precision, the same operations in every lane and width. The polynomials are
/// minimax fits; errors are in units of the last place of the result, measured over all of the range given.
/// </summary>
internal static class LaneMath
{
    // Adding and taking away 1.5 * 2^23 rounds to the nearest integer, whose low bits it leaves in the sum.
    private const float Rounder = 12582912;
    private const float SignMask = -0f;

    /// <summary>e^x: error at most 1; 0 below -104, infinity above 88.73, subnormal results included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var (fraction, half, other) = Reduce(Clamp(x, -104, 89));
        return (T.Broadcast(1) + fraction) * half * other;
    }

    /// <summary>e^x - 1, accurate around zero too: error at most 2; x at most 88.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T ExpMinusOne<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var (fraction, half, other) = Reduce(Clamp(x, -104, 88));
        var scale = half * other;
        return T.MultiplyAdd(fraction, scale, scale - T.Broadcast(1));
    }

    /// <summary>Error at most 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var sign = T.BitAnd(x, T.Broadcast(SignMask));
        var magnitude = T.BitXor(x, sign);
        var square = x * x;
        var series = Polynomial(square, -0.005591017f, 0.02053882f, -0.053709656f, 0.13331093f, -0.3333327f);
        var small = T.MultiplyAdd(series * square, x, x);
        var large = T.Broadcast(1) - (T.Broadcast(2) / (Exp(magnitude + magnitude) + T.Broadcast(1)));
        return T.Select(magnitude < T.Broadcast(0.625f), small, T.BitXor(large, sign));
    }

    /// <summary>The error function: error at most 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var sign = T.BitAnd(x, T.Broadcast(SignMask));
        var magnitude = T.BitXor(x, sign);
        var square = x * x;
        var small = x * Polynomial(
            square, 7.8538615e-05f, -0.00080101937f, 0.0051883277f, -0.026853813f, 0.112835854f, -0.37612626f, 1.1283791f);

        // Above 1 the logarithm of 1 - erf is close to a parabola; at 4 it is below half a unit of 1.
        var capped = T.Select(magnitude > T.Broadcast(4), T.Broadcast(4), magnitude);
        var logarithm = Polynomial(
            capped, 0.00018557391f, -0.0029396063f, 0.021805314f, -0.103037365f, -0.6382257f, -1.12704f, -0.00035372053f);
        var large = T.Broadcast(1) - Exp(logarithm);
        return T.Select(magnitude < T.Broadcast(1), small, T.BitXor(large, sign));
    }

    /// <summary>sin x: absolute error at most 1.5e-7 for |x| &lt; 1e4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sin<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var (angle, turns) = HalfTurns(x, 0);
        return SignedSin(angle, turns);
    }

    /// <summary>cos x: absolute error at most 1.5e-7 for |x| &lt; 1e4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cos<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        // cos x = sin(x + pi / 2): the nearest odd multiple of pi / 2 is taken away instead of the nearest multiple of pi.
        var (angle, turns) = HalfTurns(x, 0.5f);
        return SignedSin(angle, turns);
    }

    /// <summary>sin^2 x: absolute error at most 2e-7 for |x| &lt; 1e4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T SinSquared<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var sine = SinSeries(HalfTurns(x, 0).Angle);
        return sine * sine;
    }

    /// <summary>x = n ln 2 + r: e^r - 1 and 2^n as two factors, for 2^128 and 2^-149 are no floats of full precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Fraction, T Half, T Other) Reduce<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var rounder = T.Broadcast(Rounder);
        var shifted = T.MultiplyAdd(x, T.Broadcast(1.442695f), rounder);
        var n = shifted - rounder;
        var r = T.MultiplyAdd(n, T.Broadcast(-0.6931472f), x);
        r = T.MultiplyAdd(n, T.Broadcast(1.9046542e-09f), r);
        var series = Polynomial(r, 0.0013814467f, 0.008368781f, 0.041668393f, 0.1666652f, 0.49999994f);
        var fraction = T.MultiplyAdd(r * r, series, r);

        // The exponent's bits: n / 2 rounded down, then what is left. The rounder's own bits are shifted out.
        var bits = T.ShiftRight(T.ShiftLeft(shifted, 10), 10);
        var halfBits = T.ShiftRight(bits, 1);
        var one = T.Broadcast(1);
        var half = T.AddBits(T.ShiftLeft(halfBits, 23), one);
        var other = T.AddBits(T.ShiftLeft(T.SubtractBits(bits, halfBits), 23), one);
        return (fraction, half, other);
    }

    /// <summary>x - (n - offset) pi for the nearest n, and n in the low bits of the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (T Angle, T Turns) HalfTurns<T>(T x, float offset)
        where T : unmanaged, ILanes<T>
    {
        var rounder = T.Broadcast(Rounder);
        var turns = T.MultiplyAdd(x, T.Broadcast(0.31830987f), T.Broadcast(offset)) + rounder;
        var n = turns - rounder - T.Broadcast(offset);
        var angle = T.MultiplyAdd(n, T.Broadcast(-3.1415927f), x);
        angle = T.MultiplyAdd(n, T.Broadcast(8.742278e-08f), angle);
        return (T.MultiplyAdd(n, T.Broadcast(3.430249e-15f), angle), turns);
    }

    /// <summary>An odd number of half turns changes the sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SignedSin<T>(T angle, T turns)
        where T : unmanaged, ILanes<T> => T.BitXor(SinSeries(angle), T.ShiftLeft(turns, 31));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T SinSeries<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var square = x * x;
        return T.MultiplyAdd(Polynomial(square, 2.6054815e-06f, -0.00019809476f, 0.008333065f, -0.1666666f) * square, x, x);
    }

    /// <summary>NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Clamp<T>(T x, float low, float high)
        where T : unmanaged, ILanes<T>
    {
        var (lowest, highest) = (T.Broadcast(low), T.Broadcast(high));
        x = T.Select(x < lowest, lowest, x);
        return T.Select(x > highest, highest, x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, float c3, float c2, float c1, float c0)
        where T : unmanaged, ILanes<T>
    {
        var sum = T.MultiplyAdd(T.Broadcast(c3), x, T.Broadcast(c2));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c1));
        return T.MultiplyAdd(sum, x, T.Broadcast(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, float c4, float c3, float c2, float c1, float c0)
        where T : unmanaged, ILanes<T>
    {
        var sum = T.MultiplyAdd(T.Broadcast(c4), x, T.Broadcast(c3));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c2));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c1));
        return T.MultiplyAdd(sum, x, T.Broadcast(c0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, float c6, float c5, float c4, float c3, float c2, float c1, float c0)
        where T : unmanaged, ILanes<T>
    {
        var sum = T.MultiplyAdd(T.Broadcast(c6), x, T.Broadcast(c5));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c4));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c3));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c2));
        sum = T.MultiplyAdd(sum, x, T.Broadcast(c1));
        return T.MultiplyAdd(sum, x, T.Broadcast(c0));
    }
}
