using System.Runtime.InteropServices;

namespace CosyVoice.Kernels;

/// <summary>
/// A row-major fp32 activation of shape [rows, columns] in native memory, aligned to 64 bytes so that
/// vector loads never cross a cache line when <see cref="Columns"/> is a multiple of 16.
/// Time runs along rows, channels along columns, everywhere in this engine.
/// </summary>
/// <remarks>Neither a pointer nor a span keeps the tensor alive: whoever computes with one also holds the tensor.</remarks>
public sealed unsafe class Tensor : IDisposable
{
    private const nuint Alignment = 64;

    private float* _data;
    private long _capacity;

    public Tensor() { }

    /// <summary>Allocates [rows, columns], filled with zero.</summary>
    public Tensor(int rows, int columns)
    {
        Resize(rows, columns);
        Clear();
    }

    ~Tensor() => Free();

    public int Rows { get; private set; }

    public int Columns { get; private set; }

    /// <summary>The first element; valid until the next <see cref="Resize"/> or <see cref="Dispose"/>.</summary>
    public float* Pointer => _data;

    /// <summary>All elements, [rows * columns].</summary>
    public Span<float> Span => new(_data, checked(Rows * Columns));

    public Span<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows);
        return new(_data + ((long)row * Columns), Columns);
    }

    /// <summary>Rows [start, start + count) as one span of count * columns elements.</summary>
    public Span<float> RowRange(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)Rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(Rows - start));
        return new(_data + ((long)start * Columns), checked(count * Columns));
    }

    public static Tensor From(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values.Length != rows * columns)
        {
            throw new ArgumentException($"{values.Length} values cannot fill [{rows}, {columns}].", nameof(values));
        }

        var tensor = new Tensor();
        tensor.Resize(rows, columns);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>Changes the shape. The content is undefined afterwards; memory is kept when it suffices.</summary>
    public void Resize(int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        var needed = (long)rows * columns;
        if (needed > _capacity)
        {
            Free();
            _data = (float*)NativeMemory.AlignedAlloc((nuint)needed * sizeof(float), Alignment);
            _capacity = needed;
            GC.AddMemoryPressure(needed * sizeof(float));
        }

        (Rows, Columns) = (rows, columns);
    }

    /// <summary>Changes the number of rows and keeps the content of those that remain.</summary>
    public void ResizeRows(int rows)
    {
        var needed = (long)rows * Columns;
        if (needed <= _capacity)
        {
            Rows = rows;
            return;
        }

        var grown = new Tensor();
        grown.Resize(Math.Max(rows, Rows * 2), Columns);
        Span.CopyTo(grown.Span);
        var old = _data;
        _data = grown._data;
        grown._data = old;
        (_capacity, grown._capacity) = (grown._capacity, _capacity);
        grown.Dispose();
        Rows = rows;
    }

    /// <summary>Reads the same elements as other rows and columns.</summary>
    public void Reshape(int rows, int columns)
    {
        if ((long)rows * columns != (long)Rows * Columns)
        {
            throw new ArgumentException($"[{Rows}, {Columns}] cannot be read as [{rows}, {columns}].", nameof(rows));
        }

        (Rows, Columns) = (rows, columns);
    }

    public void Clear() => Span.Clear();

    public void Dispose()
    {
        Free();
        (Rows, Columns) = (0, 0);
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_data == null)
        {
            return;
        }

        NativeMemory.AlignedFree(_data);
        GC.RemoveMemoryPressure(_capacity * sizeof(float));
        _data = null;
        _capacity = 0;
    }
}
