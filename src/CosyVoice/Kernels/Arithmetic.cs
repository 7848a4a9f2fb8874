using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>Element-wise sums and products, in place.</summary>
public static class Arithmetic
{
    /// <summary>x += y; both [n].</summary>
    public static void Add(Span<float> x, ReadOnlySpan<float> y) => Elementwise.Apply(VectorWidths.Active, default(AddOperator), x, y, x);

    /// <summary>x *= y; both [n].</summary>
    public static void Multiply(Span<float> x, ReadOnlySpan<float> y) => Elementwise.Apply(VectorWidths.Active, default(MultiplyOperator), x, y, x);

    /// <summary>x += factor * y, rounded once; both [n].</summary>
    public static void AddScaled(Span<float> x, ReadOnlySpan<float> y, float factor) =>
        Elementwise.Apply(VectorWidths.Active, new AddScaledOperator(factor), x, y, x);

    /// <summary>x *= factor; x is [n].</summary>
    public static void Scale(Span<float> x, float factor) => Elementwise.Apply(VectorWidths.Active, new ScaleOperator(factor), x, x);

    private readonly struct AddOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x + y;
    }

    private readonly struct MultiplyOperator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * y;
    }

    private readonly struct AddScaledOperator(float factor) : IBinaryOperator
    {
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.MultiplyAdd(y, T.Broadcast(_factor), x);
    }
}
