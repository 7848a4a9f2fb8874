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
    private int _visible;

    /// <summary>Takes the keys and values of a sequence.</summary>
    /// <param name="joined">Queries, keys and values side by side, [rows, 3 * heads * size].</param>
    public void Load(Tensor joined, int firstRow, int length, int head, int heads, int size)
    {
        var rows = joined.RowRange(firstRow, length);
        var width = heads * size;
        _keys.PackTransposed(rows[(width + (head * size))..], size, length, joined.Columns);
        _values.Pack(rows[((2 * width) + (head * size))..], length, size, joined.Columns);
    }

    /// <summary>Scores of a strip of queries against the first <paramref name="visible"/> keys: that much of [strip, length] is valid.</summary>
    /// <param name="queries">Already scaled; rows [size], <paramref name="stride"/> apart.</param>
    public Tensor Score(float* queries, long stride, int rows, int visible)
    {
        _visible = visible;
        _scores.Resize(rows, _keys.Columns);
        var panels = (visible + PanelMatrix.PanelWidth - 1) / PanelMatrix.PanelWidth;
        MatMul.Multiply(queries, stride, 1, 0, _keys, [], _scores.Pointer, _scores.Columns, 0, rows, 0, panels);
        return _scores;
    }

    /// <summary>
    /// Weighs the values by the softmax of the scores and writes the strip into columns [column, column + size) of
    /// rows [firstRow, firstRow + strip) of output.
    /// </summary>
    public void Attend(Tensor output, int firstRow, int column)
    {
        for (var row = 0; row < _scores.Rows; row++)
        {
            Norms.Softmax(_scores.Row(row)[.._visible]);
        }

        MatMul.Multiply(
            VectorWidths.Active, new MatMul.Window(_scores.Pointer, _scores.Columns, 1, 0, _visible), _values, [],
            output.Pointer + ((long)firstRow * output.Columns) + column, output.Columns, 0, _scores.Rows, 0, _values.Panels, false);
    }

    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _scores.Dispose();
    }
}
