using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels.Lanes;

/// <summary>4 floats, 128 bits.</summary>
internal readonly unsafe struct Lanes4(Vector128<float> value) : ILanes<Lanes4>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;

    private static Vector128<float> Low => Vector128.Create(-1, -1, 0, 0).AsSingle();

    private static Vector128<float> Even => Vector128.Create(-1, 0, -1, 0).AsSingle();

    private Vector128<int> Bits => _value.AsInt32();

    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a._value + b._value);

    public static Lanes4 operator -(Lanes4 a, Lanes4 b) => new(a._value - b._value);

    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a._value * b._value);

    public static Lanes4 operator /(Lanes4 a, Lanes4 b) => new(a._value / b._value);

    public static Lanes4 operator <(Lanes4 a, Lanes4 b) => new(Vector128.LessThan(a._value, b._value));

    public static Lanes4 operator >(Lanes4 a, Lanes4 b) => new(Vector128.GreaterThan(a._value, b._value));

    public static Lanes4 Load(float* source) => new(Vector128.Load(source));

    public static Lanes4 Broadcast(float value) => new(Vector128.Create(value));

    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes4 Sqrt(Lanes4 a) => new(Vector128.Sqrt(a._value));

    public static Lanes4 Select(Lanes4 mask, Lanes4 b, Lanes4 c) => new(Vector128.ConditionalSelect(mask._value, b._value, c._value));

    public static Lanes4 BitAnd(Lanes4 a, Lanes4 b) => new(a._value & b._value);

    public static Lanes4 BitXor(Lanes4 a, Lanes4 b) => new(a._value ^ b._value);

    public static Lanes4 AddBits(Lanes4 a, Lanes4 b) => new((a.Bits + b.Bits).AsSingle());

    public static Lanes4 SubtractBits(Lanes4 a, Lanes4 b) => new((a.Bits - b.Bits).AsSingle());

    public static Lanes4 ShiftLeft(Lanes4 a, int count) => new((a.Bits << count).AsSingle());

    public static Lanes4 ShiftRight(Lanes4 a, int count) => new((a.Bits >> count).AsSingle());

    public static Vector128<float> SumFour(Lanes4 a, Lanes4 b, Lanes4 c, Lanes4 d)
    {
        var (ab, cd) = (FoldPair(a._value, b._value), FoldPair(c._value, d._value));
        var straight = Vector128.ConditionalSelect(Even, ab, cd); // a0 c1 b0 d1
        var crossed = Vector128.ConditionalSelect(Even, cd, ab); // c0 a1 d0 b1
        var sums = straight + Vector128.Shuffle(crossed, Vector128.Create(1, 0, 3, 2)); // a c b d
        return Vector128.Shuffle(sums, Vector128.Create(0, 2, 1, 3));
    }

    public void Store(float* target) => _value.Store(target);

    public float Sum()
    {
        var pair = _value + Vector128.Shuffle(_value, Vector128.Create(2, 3, 2, 3));
        return pair.ToScalar() + pair.GetElement(1);
    }

    /// <summary>a0 + a2, a1 + a3, b0 + b2, b1 + b3.</summary>
    private static Vector128<float> FoldPair(Vector128<float> a, Vector128<float> b) =>
        Vector128.ConditionalSelect(Low, a, b) + Vector128.Shuffle(Vector128.ConditionalSelect(Low, b, a), Vector128.Create(2, 3, 0, 1));
}
