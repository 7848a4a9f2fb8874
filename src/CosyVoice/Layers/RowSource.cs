namespace CosyVoice.Layers;

/// <summary>
/// The left-hand rows of a product, in up to three runs: those whose window begins before the input does, those
/// that are read in place, and those whose window ends after it. Row i of a run starts at its pointer plus
/// i * <see cref="RowStride"/> and has <see cref="Taps"/> pieces <see cref="TapStride"/> apart.
/// </summary>
internal unsafe struct RowSource
{
    public long RowStride;
    public int Taps;
    public long TapStride;
    public float* Head;
    public int HeadEnd; // rows [0, HeadEnd)
    public float* Body;
    public int BodyEnd; // rows [HeadEnd, BodyEnd)
    public float* Tail; // rows [BodyEnd, ...)

    /// <summary>A plain matrix whose rows are <paramref name="stride"/> elements apart.</summary>
    public static RowSource Matrix(float* start, long stride) => new() { RowStride = stride, Taps = 1, Body = start, BodyEnd = int.MaxValue };

    /// <summary>The same windows, beginning at channel <paramref name="channel"/>.</summary>
    public readonly RowSource Shift(int channel)
    {
        var shifted = this;
        shifted.Head += channel;
        shifted.Body += channel;
        shifted.Tail += channel;
        return shifted;
    }

    /// <summary>The rows from <paramref name="row"/> on.</summary>
    public readonly RowSource Skip(int row)
    {
        var rest = this;
        (rest.HeadEnd, rest.BodyEnd) = (Math.Max(0, HeadEnd - row), Math.Max(0, BodyEnd - row));
        rest.Head += row * RowStride;
        rest.Body += row * RowStride;
        rest.Tail += row * RowStride;
        return rest;
    }
}
