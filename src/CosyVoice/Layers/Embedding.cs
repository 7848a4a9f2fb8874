using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>A table of rows [count, width], fp32 used where the checkpoint is mapped.</summary>
public sealed unsafe class Embedding : IDisposable
{
    private readonly Tensor? _copy;
    private readonly float* _rows;

    public Embedding(WeightScope w, int count, int width)
    {
        (Count, Width) = (count, width);
        var stored = w.Get("weight", count, width);
        _rows = stored.Float32Pointer;
        if (_rows == null)
        {
            _copy = Tensor.From(stored.ToFloats(), count, width);
            _rows = _copy.Pointer;
        }
    }

    public int Count { get; }

    public int Width { get; }

    /// <summary>Row <paramref name="id"/>, [Width].</summary>
    public ReadOnlySpan<float> this[int id] => (uint)id < (uint)Count
        ? new(_rows + ((long)id * Width), Width)
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"This table has the rows 0 to {Count - 1}.");

    public void Dispose() => _copy?.Dispose();
}
