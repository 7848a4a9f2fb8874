using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels.Lanes;

/// <summary>8 floats, 256 bits.</summary>
internal readonly unsafe struct Lanes8(Vector256<float> value) : ILanes<Lanes8>
{
    private readonly Vector256<float> _value = value;

    public static int Count => 8;

    private Vector256<int> Bits => _value.AsInt32();

    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a._value + b._value);

    public static Lanes8 operator -(Lanes8 a, Lanes8 b) => new(a._value - b._value);

    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a._value * b._value);

    public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a._value / b._value);

    public static Lanes8 operator <(Lanes8 a, Lanes8 b) => new(Vector256.LessThan(a._value, b._value));

    public static Lanes8 operator >(Lanes8 a, Lanes8 b) => new(Vector256.GreaterThan(a._value, b._value));

    public static Lanes8 Load(float* source) => new(Vector256.Load(source));

    public static Lanes8 Broadcast(float value) => new(Vector256.Create(value));

    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes8 Sqrt(Lanes8 a) => new(Vector256.Sqrt(a._value));

    public static Lanes8 Select(Lanes8 mask, Lanes8 b, Lanes8 c) => new(Vector256.ConditionalSelect(mask._value, b._value, c._value));

    public static Lanes8 BitAnd(Lanes8 a, Lanes8 b) => new(a._value & b._value);

    public static Lanes8 BitXor(Lanes8 a, Lanes8 b) => new(a._value ^ b._value);

    public static Lanes8 AddBits(Lanes8 a, Lanes8 b) => new((a.Bits + b.Bits).AsSingle());

    public static Lanes8 SubtractBits(Lanes8 a, Lanes8 b) => new((a.Bits - b.Bits).AsSingle());

    public static Lanes8 ShiftLeft(Lanes8 a, int count) => new((a.Bits << count).AsSingle());

    public static Lanes8 ShiftRight(Lanes8 a, int count) => new((a.Bits >> count).AsSingle());

    public static Vector128<float> SumFour(Lanes8 a, Lanes8 b, Lanes8 c, Lanes8 d) => Lanes4.SumFour(a.Halve(), b.Halve(), c.Halve(), d.Halve());

    public void Store(float* target) => _value.Store(target);

    public float Sum() => Halve().Sum();

    private Lanes4 Halve() => new(_value.GetLower() + _value.GetUpper());
}
