using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>The lengths of sequences that are computed side by side, all padded to one size. None sees another.</summary>
/// <param name="sequences">Tokens that yield frames, and whether frames of complete chunks must not depend on what follows.</param>
/// <param name="size">Tokens of each, padding included.</param>
internal sealed class FlowBatch(IReadOnlyList<(int Tokens, bool Streaming)> sequences, int size)
{
    public int Count => sequences.Count;

    public int Size => size;

    /// <summary>Real tokens of the first sequence, which traces show.</summary>
    public int FirstTokens => sequences[0].Tokens;

    /// <summary>
    /// What is added to attention scores: nothing for a key that the query sees, minus infinity for others. Padding is never
    /// seen.
    /// </summary>
    /// <param name="ratio">Positions per token.</param>
    /// <param name="chunkTokens">A query of a streaming sequence sees its chunk and those before it.</param>
    /// <returns>[count, 1, size * ratio, size * ratio].</returns>
    public Tensor Mask(FlowStore store, int ratio, int chunkTokens)
    {
        using var scope = NewDisposeScope();
        var positions = size * ratio;
        int[] limits = [.. sequences.SelectMany(sequence =>
        {
            var chunks = new Models.ChunkMask(sequence.Streaming ? chunkTokens * ratio : 0);
            return Enumerable.Range(0, positions).Select(i => chunks.Limit(i, sequence.Tokens * ratio));
        })];
        var hidden = arange(positions, ScalarType.Int32, store.Device).ge(tensor(limits, [Count, 1, positions, 1], device: store.Device));
        return scope.MoveToOuter(zeros([Count, 1, positions, positions], store.Type, store.Device).masked_fill_(hidden, float.NegativeInfinity));
    }
}
