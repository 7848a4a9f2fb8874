using System.Runtime.InteropServices;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Layers;

/// <summary>A checkpoint made of arrays, for layers that read their weights from one.</summary>
internal sealed unsafe class MemoryCheckpoint() : Checkpoint("memory")
{
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly List<nint> _allocations = [];

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public void Add(string name, ReadOnlySpan<float> values, params int[] shape) =>
        Add(name, ElementType.Float32, MemoryMarshal.AsBytes(values), shape);

    /// <summary>The upper halves of the values.</summary>
    public void AddBFloat16(string name, ReadOnlySpan<float> values, params int[] shape)
    {
        var halves = new ushort[values.Length];
        for (var i = 0; i < halves.Length; i++)
        {
            halves[i] = (ushort)(BitConverter.SingleToUInt32Bits(values[i]) >> 16);
        }

        Add(name, ElementType.BFloat16, MemoryMarshal.AsBytes<ushort>(halves), shape);
    }

    public override void Dispose()
    {
        foreach (var allocation in _allocations)
        {
            NativeMemory.Free((void*)allocation);
        }
    }

    private void Add(string name, ElementType type, ReadOnlySpan<byte> bytes, int[] shape)
    {
        var data = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        _allocations.Add((nint)data);
        bytes.CopyTo(new(data, bytes.Length));
        _tensors.Add(name, new StoredTensor(name, type, shape, data));
    }
}
