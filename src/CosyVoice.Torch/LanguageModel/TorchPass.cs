namespace CosyVoice.Torch.LanguageModel;

// A pass computes a fixed number of rows, one input of one sequence each, whatever is asked for: prompts, sequences that
// decode, both. All kernels but attention see one shape only. Attention reads a number of positions that depends on
// the row's own position (a span: 512, 1024, ...); where rows of several spans meet in a pass, each span attends for
// all rows, and a row keeps what its own gave. So the bits of a row's result depend on its sequence alone: not on the
// company, not on how a prompt is divided among calls.
//
//   numbers of a pass: inputs [rows], positions [rows], slots [rows], scores [rows], then of each span that occurs
//                      limits [rows], members [rows], blocks [rows * span / BlockPositions]

/// <summary>One row of a pass.</summary>
/// <param name="Input">Row of the table of all inputs.</param>
/// <param name="Score">Which row of the call's scores it gives, -1 when none.</param>
internal readonly record struct TorchRow(TorchSequenceCache Cache, int Position, long Input, int Score);

/// <summary>The rows of one pass and where what the device needs to know of them stands among a call's numbers.</summary>
internal sealed class TorchPass
{
    /// <summary>Positions that the shortest span reads: most speech fits, so that passes seldom have two.</summary>
    public const int ShortestSpan = 512;

    private TorchPass(int start, IReadOnlyList<TorchRow> rows, IReadOnlyList<int> spans) => (Start, Rows, Spans) = (start, rows, spans);

    public int Start { get; }

    /// <summary>Those that are used.</summary>
    public IReadOnlyList<TorchRow> Rows { get; }

    public IReadOnlyList<int> Spans { get; }

    public bool HasScores => Rows.Any(row => row.Score >= 0);

    /// <summary>Writes passes that compute all of the rows, in their order.</summary>
    /// <param name="width">Rows of a pass.</param>
    /// <param name="noScore">Where rows without scores put theirs.</param>
    public static IReadOnlyList<TorchPass> Write(IEnumerable<TorchRow> rows, int width, int noScore, List<long> numbers) =>
        [.. rows.Chunk(width).Select(part => Write(part, width, noScore, numbers))];

    /// <summary>The span that reads a position and all before it.</summary>
    public static int SpanOf(int position)
    {
        var span = ShortestSpan;
        while (span <= position)
        {
            span *= 2;
        }

        return span;
    }

    private static TorchPass Write(TorchRow[] rows, int width, int noScore, List<long> numbers)
    {
        int[] spans = [.. rows.Select(row => SpanOf(row.Position)).Distinct().Order()];
        var pass = new TorchPass(numbers.Count, rows, spans);
        var unused = width - rows.Length;
        Column(row => row.Input, 0);
        Column(row => row.Position, 0);
        Column(row => row.Cache.Slot(row.Position), TorchCacheBlocks.UnusedRows * TorchCacheBlocks.BlockPositions);
        Column(row => row.Score < 0 ? noScore : row.Score, noScore);
        foreach (var span in spans)
        {
            Column(row => SpanOf(row.Position) == span ? row.Position : 0, 0);
            Column(row => SpanOf(row.Position) == span ? 1 : 0, 0);
            foreach (var row in rows)
            {
                Blocks(SpanOf(row.Position) == span ? row.Cache.Blocks : [], span);
            }

            for (var i = 0; i < unused; i++)
            {
                Blocks([TorchCacheBlocks.UnusedRows], span);
            }
        }

        return pass;

        void Column(Func<TorchRow, long> value, long otherwise)
        {
            numbers.AddRange(rows.Select(value));
            numbers.AddRange(Enumerable.Repeat(otherwise, unused));
        }

        void Blocks(IReadOnlyList<int> held, int span)
        {
            var count = span / TorchCacheBlocks.BlockPositions;
            for (var i = 0; i < count; i++)
            {
                numbers.Add(i < held.Count ? held[i] : TorchCacheBlocks.Zeros);
            }
        }
    }
}
