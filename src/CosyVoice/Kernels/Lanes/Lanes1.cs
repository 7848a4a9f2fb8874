using System.Runtime.Intrinsics;
using static System.BitConverter;

namespace CosyVoice.Kernels.Lanes;

/// <summary>One float: the scalar form of every element-wise formula.</summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float _value = value;

    public static int Count => 1;

    private int Bits => SingleToInt32Bits(_value);

    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a._value + b._value);

    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a._value - b._value);

    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a._value * b._value);

    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a._value / b._value);

    public static Lanes1 operator <(Lanes1 a, Lanes1 b) => FromBits(a._value < b._value ? -1 : 0);

    public static Lanes1 operator >(Lanes1 a, Lanes1 b) => FromBits(a._value > b._value ? -1 : 0);

    public static Lanes1 Load(float* source) => new(*source);

    public static Lanes1 Broadcast(float value) => new(value);

    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(MathF.FusedMultiplyAdd(a._value, b._value, c._value));

    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a._value));

    public static Lanes1 Select(Lanes1 mask, Lanes1 b, Lanes1 c) => mask.Bits != 0 ? b : c;

    public static Lanes1 BitAnd(Lanes1 a, Lanes1 b) => FromBits(a.Bits & b.Bits);

    public static Lanes1 BitXor(Lanes1 a, Lanes1 b) => FromBits(a.Bits ^ b.Bits);

    public static Lanes1 AddBits(Lanes1 a, Lanes1 b) => FromBits(unchecked(a.Bits + b.Bits));

    public static Lanes1 SubtractBits(Lanes1 a, Lanes1 b) => FromBits(unchecked(a.Bits - b.Bits));

    public static Lanes1 ShiftLeft(Lanes1 a, int count) => FromBits(a.Bits << count);

    public static Lanes1 ShiftRight(Lanes1 a, int count) => FromBits(a.Bits >> count);

    public static Vector128<float> SumFour(Lanes1 a, Lanes1 b, Lanes1 c, Lanes1 d) => Vector128.Create(a._value, b._value, c._value, d._value);

    public void Store(float* target) => *target = _value;

    public float Sum() => _value;

    private static Lanes1 FromBits(int bits) => new(Int32BitsToSingle(bits));
}
