using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests;

/// <summary>A checkpoint that was never a file.</summary>
internal sealed unsafe class MemoryCheckpoint() : Checkpoint("memory")
{
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly Dictionary<string, Tensor> _values = [];

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public MemoryCheckpoint Add(string name, ReadOnlySpan<float> values, params int[] shape)
    {
        _values[name] = Tensor.From(values, 1, values.Length);
        _tensors[name] = new StoredTensor(name, ElementType.Float32, shape, (byte*)_values[name].Pointer);
        return this;
    }

    public float[] Values(string name) => _values[name].Span.ToArray();

    public override void Dispose()
    {
        foreach (var values in _values.Values)
        {
            values.Dispose();
        }
    }
}
