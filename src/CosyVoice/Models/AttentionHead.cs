using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>
/// Scratch and arithmetic of one attention head over one sequence, a strip of queries at a time, so that no more
/// than a strip of scores ever exists: <see cref="Load"/> once, then <see cref="Score"/> and <see cref="Attend"/>
/// for every strip.
/// </summary>
internal sealed unsafe class AttentionHead : IDisposable
{
    /// <summary>The most queries in a strip.</summary>
    public const int StripRows = 96;

    private readonly PanelMatrix _keys = new(); // [size, length]
    private readonly PanelMatrix _values = new(); // [length, size]
    private readonly Tensor _scores = new(); // [strip, length]
    private int _length;

    /// <summary>The strip's queries, [strip, size], already scaled.</summary>
    public Tensor Queries { get; } = new();

    /// <summary>Takes the keys and values of a sequence.</summary>
    /// <param name="joined">Queries, keys and values side by side, [rows, 3 * heads * size].</param>
    public void Load(Tensor joined, int firstRow, int length, int head, int heads, int size)
    {
        _length = length;
        var rows = joined.RowRange(firstRow, length);
        var width = heads * size;
        _keys.PackTransposed(rows[(width + (head * size))..], size, length, joined.Columns);
        _values.Pack(rows[((2 * width) + (head * size))..], length, size, joined.Columns);
    }

    /// <summary>Scores of <see cref="Queries"/> against all keys, [strip, length].</summary>
    public Tensor Score()
    {
        _scores.Resize(Queries.Rows, _length);
        MatMul.Multiply(
            Queries.Pointer, Queries.Columns, 1, 0, _keys, [],
            _scores.Pointer, _length, 0, Queries.Rows);
        return _scores;
    }

    /// <summary>
    /// Weighs the values by the softmax of the scores of the first <paramref name="visible"/> keys and writes the
    /// strip into columns [column, column + size) of rows [firstRow, firstRow + strip) of output.
    /// </summary>
    public void Attend(int visible, Tensor output, int firstRow, int column)
    {
        for (var row = 0; row < _scores.Rows; row++)
        {
            var scores = _scores.Row(row);
            Norms.Softmax(scores[..visible]);
            scores[visible..].Clear();
        }

        MatMul.Multiply(
            _scores.Pointer, _length, 1, 0, _values, [],
            output.Pointer + ((long)firstRow * output.Columns) + column, output.Columns, 0, _scores.Rows);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _scores.Dispose();
        Queries.Dispose();
    }
}
