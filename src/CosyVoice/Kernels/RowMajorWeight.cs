using CosyVoice.Weights;

namespace CosyVoice.Kernels;

/// <summary>
/// A weight [rows, depth], one row for each output, for <see cref="DotProducts"/>. Used in place where the
/// checkpoint stores it in a type that the kernels read; valid as long as that checkpoint is.
/// </summary>
public sealed unsafe class RowMajorWeight : IDisposable
{
    private readonly Tensor? _copy;
    private readonly float* _values;

    /// <param name="stored">[rows, depth]; fp32 is used in place, any other type is converted to fp32 once.</param>
    public RowMajorWeight(StoredTensor stored)
    {
        if (stored.Shape is not [var rows, var depth])
        {
            throw new ArgumentException($"{stored.Name} has shape [{string.Join(", ", stored.Shape)}], not [rows, depth].", nameof(stored));
        }

        (Rows, Depth) = (rows, depth);
        _values = stored.Float32Pointer;
        if (_values == null)
        {
            _copy = new Tensor();
            _copy.Resize(rows, depth);
            stored.CopyTo(_copy.Span);
            _values = _copy.Pointer;
        }
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>How the kernels find an element.</summary>
    public ElementType Type => ElementType.Float32;

    /// <summary>The first of Rows * Depth elements.</summary>
    internal float* Float32 => _values;

    /// <summary>Row <paramref name="row"/>, [depth]: an entry, when the weight is an embedding table.</summary>
    public void CopyRow(int row, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        new ReadOnlySpan<float>(_values + ((long)row * Depth), Depth).CopyTo(target);
    }

    public void Dispose() => _copy?.Dispose();
}
