using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>x / (1 + e^-x).</summary>
internal readonly struct SiluOperator : IUnaryOperator, IBinaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => x / (T.Broadcast(1) + LaneMath.Exp(T.Broadcast(0) - x));

    /// <summary>silu(x) * y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x, T y)
        where T : unmanaged, ILanes<T> => Invoke(x) * y;
}

/// <summary>x (1 + erf(x / sqrt 2)) / 2.</summary>
internal readonly struct GeluErfOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var half = x * T.Broadcast(0.5f);
        return T.MultiplyAdd(half, LaneMath.Erf(x * T.Broadcast(0.70710677f)), half);
    }
}

/// <summary>x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2.</summary>
internal readonly struct GeluTanhOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var half = x * T.Broadcast(0.5f);
        var cubic = T.MultiplyAdd(x * x * x, T.Broadcast(0.044715f), x);
        return T.MultiplyAdd(half, LaneMath.Tanh(cubic * T.Broadcast(0.7978846f)), half);
    }
}

/// <summary>
/// x tanh(ln(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2), which needs no logarithm. Above 20 it is x.
/// </summary>
internal readonly struct MishOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T>
    {
        var two = T.Broadcast(2);
        var high = x > T.Broadcast(20);
        var e = LaneMath.Exp(T.Select(high, two, x));
        var n = e * (e + two);
        return T.Select(high, x, x * (n / (n + two)));
    }
}

/// <summary>x above zero, e^x - 1 below.</summary>
internal readonly struct EluOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => T.Select(x > T.Broadcast(0), x, LaneMath.ExpMinusOne(x));
}

/// <summary>x above zero, slope x below.</summary>
internal readonly struct LeakyReluOperator(float slope) : IUnaryOperator
{
    private readonly float _slope = slope;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => T.Select(x > T.Broadcast(0), x, x * T.Broadcast(_slope));
}

internal readonly struct ExpOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => LaneMath.Exp(x);
}

internal readonly struct TanhOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => LaneMath.Tanh(x);
}

internal readonly struct SinOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => LaneMath.Sin(x);
}

internal readonly struct CosOperator : IUnaryOperator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Invoke<T>(T x)
        where T : unmanaged, ILanes<T> => LaneMath.Cos(x);
}
