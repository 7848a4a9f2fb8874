using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>One head's scratch with room for scores by distance.</summary>
internal sealed unsafe class RelativeHead : IDisposable
{
    private readonly PanelMatrix _window = new(); // [size, distances]
    private readonly Tensor _scores = new(); // [strip, distances]

    public AttentionHead Head { get; } = new();

    /// <summary>The strip's queries for keys, [strip, size], already scaled.</summary>
    public Tensor Queries { get; } = new();

    /// <summary>The strip's queries for position keys, [strip, size], already scaled.</summary>
    public Tensor PositionQueries { get; } = new();

    /// <summary>Scores of <see cref="PositionQueries"/> against rows [first, first + count) of one head's position keys, [strip, count].</summary>
    /// <param name="positionKeys">[2 T - 1, heads * size].</param>
    public Tensor ScorePositions(Tensor positionKeys, int first, int count, int head)
    {
        var size = PositionQueries.Columns;
        _window.PackTransposed(positionKeys.RowRange(first, count)[(head * size)..], size, count, positionKeys.Columns);
        _scores.Resize(PositionQueries.Rows, count);
        MatMul.Multiply(PositionQueries.Pointer, size, 1, 0, _window, [], _scores.Pointer, count, 0, PositionQueries.Rows);
        return _scores;
    }

    public void Dispose()
    {
        Head.Dispose();
        Queries.Dispose();
        PositionQueries.Dispose();
        _window.Dispose();
        _scores.Dispose();
    }
}
