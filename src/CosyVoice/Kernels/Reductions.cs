using System.Runtime.CompilerServices;
using CosyVoice.Kernels.Lanes;

namespace CosyVoice.Kernels;

/// <summary>How a row of numbers becomes one.</summary>
internal interface IReduction
{
    /// <summary>What every lane begins with.</summary>
    float Start { get; }

    /// <summary>What fills the last step up to 16 elements; must change nothing.</summary>
    float Filling { get; }

    T Accumulate<T>(T sum, T x)
        where T : unmanaged, ILanes<T>;

    T Combine<T>(T a, T b)
        where T : unmanaged, ILanes<T>;
}

/// <summary>
/// Reductions in 16 lanes whatever the vector's width: lane l takes elements l, l + 16, ..., then l is combined with
/// l + 8, + 4, + 2, + 1.
/// </summary>
internal static unsafe class Reductions
{
    public const int Lanes = 16;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Reduce<TLanes, TReduction>(TReduction reduction, float* x, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TReduction : struct, IReduction
    {
        var sums = stackalloc float[Lanes];
        var tail = stackalloc float[Lanes];
        var whole = count / Lanes * Lanes;
        if (whole < count)
        {
            new Span<float>(tail, Lanes).Fill(reduction.Filling);
            new Span<float>(x + whole, count - whole).CopyTo(new(tail, Lanes));
        }

        for (var lane = 0; lane < Lanes; lane += TLanes.Count)
        {
            var sum = TLanes.Broadcast(reduction.Start);
            for (var i = lane; i < whole; i += Lanes)
            {
                sum = reduction.Accumulate(sum, TLanes.Load(x + i));
            }

            if (whole < count)
            {
                sum = reduction.Accumulate(sum, TLanes.Load(tail + lane));
            }

            sum.Store(sums + lane);
        }

        var half = Lanes / 2;
        if (TLanes.Count >= Lanes4.Count)
        {
            var even = reduction.Combine(Lanes4.Load(sums), Lanes4.Load(sums + 8));
            var odd = reduction.Combine(Lanes4.Load(sums + 4), Lanes4.Load(sums + 12));
            reduction.Combine(even, odd).Store(sums);
            half = 2;
        }

        for (; half > 0; half /= 2)
        {
            for (var lane = 0; lane < half; lane++)
            {
                reduction.Combine(Lanes1.Load(sums + lane), Lanes1.Load(sums + lane + half)).Store(sums + lane);
            }
        }

        return sums[0];
    }

    public readonly struct Sum : IReduction
    {
        public float Start => 0;

        public float Filling => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Accumulate<T>(T sum, T x)
            where T : unmanaged, ILanes<T> => sum + x;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Combine<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a + b;
    }

    /// <summary>Of (x - centre)^2.</summary>
    public readonly struct SumOfSquares(float centre) : IReduction
    {
        private readonly float _centre = centre;

        public float Start => 0;

        public float Filling => _centre;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Accumulate<T>(T sum, T x)
            where T : unmanaged, ILanes<T>
        {
            var distance = x - T.Broadcast(_centre);
            return T.MultiplyAdd(distance, distance, sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Combine<T>(T a, T b)
            where T : unmanaged, ILanes<T> => a + b;
    }

    /// <summary>NaN is passed over.</summary>
    public readonly struct Maximum : IReduction
    {
        public float Start => float.NegativeInfinity;

        public float Filling => float.NegativeInfinity;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Accumulate<T>(T sum, T x)
            where T : unmanaged, ILanes<T> => T.Select(x > sum, x, sum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Combine<T>(T a, T b)
            where T : unmanaged, ILanes<T> => Accumulate(a, b);
    }
}
