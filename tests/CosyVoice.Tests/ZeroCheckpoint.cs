using System.Runtime.InteropServices;
using System.Text.Json;
using CosyVoice.Weights;

namespace CosyVoice.Tests;

/// <summary>A checkpoint of the published keys and shapes, all zero: one block of memory that nobody writes stands for every tensor.</summary>
internal sealed unsafe class ZeroCheckpoint : Checkpoint
{
    private readonly Dictionary<string, StoredTensor> _tensors = [];
    private readonly void* _zeros;

    /// <param name="file">As in tests/fixtures/full-size-shapes, without its extension.</param>
    public ZeroCheckpoint(string file)
        : base(file)
    {
        using var shapes = JsonDocument.Parse(File.ReadAllBytes(Repository.Fixture($"full-size-shapes/{file}.json")));
        var entries = shapes.RootElement.GetProperty("tensors").EnumerateObject()
            .Select(entry => (entry.Name, Shape: entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()).ToArray()))
            .ToArray();
        _zeros = NativeMemory.AllocZeroed((nuint)entries.Max(entry => entry.Shape.Aggregate(1L, (product, size) => product * size)), sizeof(float));
        foreach (var (name, shape) in entries)
        {
            Add(name, shape);
        }
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public ZeroCheckpoint Add(string name, params int[] shape)
    {
        _tensors[name] = new StoredTensor(name, ElementType.Float32, shape, (byte*)_zeros);
        return this;
    }

    public ZeroCheckpoint Remove(string name)
    {
        Assert.True(_tensors.Remove(name));
        return this;
    }

    public override void Dispose() => NativeMemory.Free(_zeros);
}
