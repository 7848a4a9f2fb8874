using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>A pass as it is on the device. Its tensors belong to the caller's scope.</summary>
internal sealed class TorchPassInputs
{
    /// <param name="numbers">Of the whole call, on the device.</param>
    public TorchPassInputs(TorchPass pass, int rows, Tensor numbers, TorchTables tables)
    {
        var at = pass.Start;
        Inputs = Next(rows);
        using var positions = Next(rows);
        Cosines = tables.Cosines.index_select(0, positions).unsqueeze(1);
        Sines = tables.Sines.index_select(0, positions).unsqueeze(1);
        Slots = Next(rows);
        Scores = Next(rows);
        Spans = [.. pass.Spans.Select(Span)];

        TorchSpan Span(int positions)
        {
            var visible = tables.Positions.narrow(0, 0, positions) <= Next(rows).unsqueeze(1);
            var mask = where(visible, tables.Visible, tables.Hidden).view(rows, 1, 1, positions);
            var members = Next(rows);
            return new TorchSpan(
                positions, mask, Next(rows * positions / TorchCacheBlocks.BlockPositions),
                positions == pass.Spans[0] ? null : members.not_equal(0).view(rows, 1, 1, 1));
        }

        Tensor Next(int count)
        {
            at += count;
            return numbers.narrow(0, at - count, count);
        }
    }

    public Tensor Inputs { get; } // [rows]

    public Tensor Cosines { get; } // [rows, 1, head]

    public Tensor Sines { get; } // [rows, 1, head]

    public Tensor Slots { get; } // [rows]

    public Tensor Scores { get; } // [rows]

    public IReadOnlyList<TorchSpan> Spans { get; }
}

/// <summary>What rows of one span read.</summary>
/// <param name="Mask">0 or minus infinity, [rows, 1, 1, positions].</param>
/// <param name="Blocks">[rows * positions / BlockPositions].</param>
/// <param name="Members">The rows for which this is done, [rows, 1, 1, 1]; null for the first span, which the others correct.</param>
internal sealed record TorchSpan(int Positions, Tensor Mask, Tensor Blocks, Tensor? Members);
