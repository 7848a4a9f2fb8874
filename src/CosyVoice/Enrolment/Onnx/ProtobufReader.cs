using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>
/// Reads a protobuf message field by field, without its schema. <see cref="Next"/>, then exactly one of the others for each field.
/// </summary>
/// <exception cref="InvalidDataException">From every method: the message is cut off or malformed.</exception>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MostVarintBytes = 10;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_at == _message.Length)
        {
            return false;
        }

        var tag = Varint();
        Field = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Malformed($"{tag} is no field");
        Type = (WireType)(tag & 7);
        return true;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < MostVarintBytes; i++)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a number goes on for too long");
    }

    public float Single()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public long Integer()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        var length = Varint();
        return length <= (ulong)(_message.Length - _at) ? Take((int)length) : throw Malformed($"{length} bytes do not follow");
    }

    /// <summary>Adds integers that stand alone or packed one behind the other.</summary>
    public void Integers(List<long> values)
    {
        if (Type == WireType.Varint)
        {
            values.Add((long)Varint());
            return;
        }

        var packed = new ProtobufReader(Bytes());
        while (packed._at < packed._message.Length)
        {
            values.Add((long)packed.Varint());
        }
    }

    /// <summary>Passes over a field.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Bytes:
                Bytes();
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                throw Malformed($"a field of type {(int)Type}");
        }
    }

    private readonly void Expect(WireType type)
    {
        if (Type != type)
        {
            throw Malformed($"field {Field} is of type {(int)Type}, expected {(int)type}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _message.Length - _at)
        {
            throw Malformed("it is cut off");
        }

        var taken = _message.Slice(_at, count);
        _at += count;
        return taken;
    }

    private static InvalidDataException Malformed(string what) => new($"the protobuf message is malformed: {what}");
}

/// <summary>How a field is written.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
