using System.Runtime.InteropServices;

namespace CosyVoice.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote. Trusts nothing: a length is compared with what is there before anything is allocated.</summary>
public sealed class StateReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _left = bytes;

    /// <exception cref="StateException">It lies outside, or nothing is left.</exception>
    public int ReadInt(string name, int minimum, int maximum)
    {
        var value = Read<int>(1)[0];
        return value >= minimum && value <= maximum
            ? value
            : throw new StateException($"The state of a speech says {name} {value}, which must be {minimum} to {maximum}.");
    }

    public float[] ReadFloats(int count) => Read<float>(count);

    public ulong[] ReadLongs(int count) => Read<ulong>(count);

    /// <exception cref="StateException">There is more.</exception>
    public void End()
    {
        if (!_left.IsEmpty)
        {
            throw new StateException($"The state of a speech is {_left.Length} bytes longer than it should be.");
        }
    }

    private T[] Read<T>(int count)
        where T : unmanaged
    {
        var length = (long)count * Marshal.SizeOf<T>();
        if (length > _left.Length)
        {
            throw new StateException($"The state of a speech ends where {length} more bytes should follow; {_left.Length} do.");
        }

        var values = MemoryMarshal.Cast<byte, T>(_left.Span[..(int)length]).ToArray();
        _left = _left[(int)length..];
        return values;
    }
}
