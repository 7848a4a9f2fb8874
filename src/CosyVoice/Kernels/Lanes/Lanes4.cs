using System.Runtime.Intrinsics;

namespace CosyVoice.Kernels.Lanes;

/// <summary>4 floats, 128 bits.</summary>
internal readonly unsafe struct Lanes4(Vector128<float> value) : ILanes<Lanes4>
{
    private readonly Vector128<float> _value = value;

    public static int Count => 4;

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

    public static Lanes4 ShiftLeft(Lanes4 a, int count) => new((a.Bits << count).AsSingle());

    public static Lanes4 ShiftRight(Lanes4 a, int count) => new((a.Bits >> count).AsSingle());

    public void Store(float* target) => _value.Store(target);

    public float Sum()
    {
        var pair = _value + Vector128.Shuffle(_value, Vector128.Create(2, 3, 2, 3));
        return pair.ToScalar() + pair.GetElement(1);
    }
}
