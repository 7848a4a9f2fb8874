namespace CosyVoice.Kernels;

/// <summary>
/// The right-hand side of a matrix product, [depth, columns], copied once into the order in which the
/// product reads it.
/// </summary>
public sealed class PanelMatrix : IDisposable
{
    private readonly Tensor _values = new();

    public int Depth { get; private set; }

    public int Columns { get; private set; }

    /// <summary>Packs b given as [depth, columns], rows <paramref name="stride"/> elements apart. Reuses memory.</summary>
    public void Pack(ReadOnlySpan<float> b, int depth, int columns, int stride)
    {
        _values.Resize(depth, columns);
        (Depth, Columns) = (depth, columns);
        for (var k = 0; k < depth; k++)
        {
            b.Slice(k * stride, columns).CopyTo(_values.Row(k));
        }
    }

    /// <summary>Packs b given transposed, [columns, depth], rows <paramref name="stride"/> elements apart. Reuses memory.</summary>
    public void PackTransposed(ReadOnlySpan<float> b, int depth, int columns, int stride)
    {
        _values.Resize(depth, columns);
        (Depth, Columns) = (depth, columns);
        for (var n = 0; n < columns; n++)
        {
            for (var k = 0; k < depth; k++)
            {
                _values.Row(k)[n] = b[(n * stride) + k];
            }
        }
    }

    public void Dispose() => _values.Dispose();

    internal ReadOnlySpan<float> Row(int k) => _values.Row(k);
}
