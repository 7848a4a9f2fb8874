using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels.Lanes;

/// <summary>16 floats, 512 bits.</summary>
internal readonly unsafe struct Lanes16(Vector512<float> value) : ILanes<Lanes16>
{
    private readonly Vector512<float> _value = value;

    public static int Count => 16;

    private Vector512<int> Bits => _value.AsInt32();

    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a._value + b._value);

    public static Lanes16 operator -(Lanes16 a, Lanes16 b) => new(a._value - b._value);

    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a._value * b._value);

    public static Lanes16 operator /(Lanes16 a, Lanes16 b) => new(a._value / b._value);

    public static Lanes16 operator <(Lanes16 a, Lanes16 b) => new(Vector512.LessThan(a._value, b._value));

    public static Lanes16 operator >(Lanes16 a, Lanes16 b) => new(Vector512.GreaterThan(a._value, b._value));

    public static Lanes16 Load(float* source) => new(Vector512.Load(source));

    public static Lanes16 Broadcast(float value) => new(Vector512.Create(value));

    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes16 Sqrt(Lanes16 a) => new(Vector512.Sqrt(a._value));

    public static Lanes16 Select(Lanes16 mask, Lanes16 b, Lanes16 c) => new(Vector512.ConditionalSelect(mask._value, b._value, c._value));

    public static Lanes16 BitAnd(Lanes16 a, Lanes16 b) => new(a._value & b._value);

    public static Lanes16 BitXor(Lanes16 a, Lanes16 b) => new(a._value ^ b._value);

    public static Lanes16 AddBits(Lanes16 a, Lanes16 b) => new((a.Bits + b.Bits).AsSingle());

    public static Lanes16 SubtractBits(Lanes16 a, Lanes16 b) => new((a.Bits - b.Bits).AsSingle());

    public static Lanes16 ShiftLeft(Lanes16 a, int count) => new((a.Bits << count).AsSingle());

    public static Lanes16 ShiftRight(Lanes16 a, int count) => new((a.Bits >> count).AsSingle());

    public static Vector128<float> SumFour(Lanes16 a, Lanes16 b, Lanes16 c, Lanes16 d) => Lanes8.SumFour(a.Halve(), b.Halve(), c.Halve(), d.Halve());

    public void Store(float* target) => _value.Store(target);

    public float Sum() => Halve().Sum();

    private Lanes8 Halve() => new(_value.GetLower() + _value.GetUpper());
}
