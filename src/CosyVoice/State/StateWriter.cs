using System.Buffers;
using System.Runtime.InteropServices;

namespace CosyVoice.State;

/// <summary>Numbers one after the other, in this processor's order of bytes, which on all that run this is the little-endian one.</summary>
public sealed class StateWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public void Write(int value) => Write([value]);

    public void Write(ReadOnlySpan<int> values) => _bytes.Write(MemoryMarshal.AsBytes(values));

    public void Write(ReadOnlySpan<float> values) => _bytes.Write(MemoryMarshal.AsBytes(values));

    public void Write(ReadOnlySpan<ulong> values) => _bytes.Write(MemoryMarshal.AsBytes(values));
}
