using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Weights;

/// <summary>Reads a pickle's operands; whatever goes past the end is an <see cref="InvalidDataException"/>.</summary>
internal ref struct PickleReader(ReadOnlySpan<byte> pickle)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _pickle = pickle;

    public int Position { get; private set; }

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public double BigEndianDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public long UInt64()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        return value >= 0 ? value : throw Truncated((ulong)value);
    }

    /// <summary>A little-endian two's complement integer of up to eight bytes.</summary>
    public long Integer(long length)
    {
        if (length > sizeof(long))
        {
            throw new InvalidDataException($"an integer of {length} bytes at {Position}; at most {sizeof(long)} are read");
        }

        var value = 0L;
        var bytes = Take(length);
        for (var i = 0; i < bytes.Length; i++)
        {
            value |= (long)bytes[i] << (8 * i);
        }

        var unused = 64 - (8 * bytes.Length);
        return bytes.Length == 0 ? 0 : value << unused >> unused;
    }

    public string Text(long length)
    {
        try
        {
            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"a string before {Position} is not UTF-8");
        }
    }

    /// <summary>Up to a newline, which is consumed.</summary>
    public string Line()
    {
        var length = _pickle[Position..].IndexOf((byte)'\n');
        var text = Text(length >= 0 ? length : throw Truncated(1));
        Position++;
        return text;
    }

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length > _pickle.Length - Position)
        {
            throw Truncated((ulong)length);
        }

        var taken = _pickle.Slice(Position, (int)length);
        Position += taken.Length;
        return taken;
    }

    private readonly InvalidDataException Truncated(ulong wanted) =>
        new($"the pickle ends at {_pickle.Length}, where {wanted} more bytes were expected at {Position}");
}
