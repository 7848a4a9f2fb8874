using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels.Lanes;

/// <summary>
/// A group of floats that are handled at once. A formula written against it runs in one lane (the scalar form),
/// 4, 8 or 16, and each lane sees the same operations, hence the same rounding, in all of them.
/// </summary>
/// <remarks>Comparisons give masks: all bits of a lane set, or none. Only <see cref="Select"/> looks at masks.</remarks>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    static abstract int Count { get; }

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    static abstract T operator <(T a, T b);

    static abstract T operator >(T a, T b);

    static abstract T Load(float* source);

    static abstract T Broadcast(float value);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Sqrt(T a);

    /// <summary>b where the mask is set, else c.</summary>
    static abstract T Select(T mask, T b, T c);

    static abstract T BitAnd(T a, T b);

    static abstract T BitXor(T a, T b);

    /// <summary>Adds the bit patterns as integers.</summary>
    static abstract T AddBits(T a, T b);

    /// <summary>Subtracts the bit patterns as integers.</summary>
    static abstract T SubtractBits(T a, T b);

    /// <summary>Shifts the bit patterns left.</summary>
    static abstract T ShiftLeft(T a, int count);

    /// <summary>Shifts the bit patterns right, copies of the sign coming in.</summary>
    static abstract T ShiftRight(T a, int count);

    /// <summary><see cref="Sum"/> of each.</summary>
    static abstract Vector128<float> SumFour(T a, T b, T c, T d);

    void Store(float* target);

    /// <summary>Adds lane l and l + count / 2, then halves again, down to one.</summary>
    float Sum();
}
