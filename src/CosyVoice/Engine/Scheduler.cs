namespace CosyVoice.Engine;

/// <summary>What the scheduler knows of a sequence.</summary>
/// <param name="Inputs">Inputs the language model has yet to see, 0 when it needs none now.</param>
/// <param name="ChunkReady">Whether a chunk can be turned into sound.</param>
internal readonly record struct SequenceNeeds(int Inputs, bool ChunkReady, Urgency Urgency)
{
    /// <summary>Chunks of the same shape can be turned into sound together.</summary>
    public int Shape { get; init; }
}

/// <summary>The next step: chunks that are turned into sound, or one step of the language model; neither when idle.</summary>
/// <param name="Chunks">Indices of the sequences whose chunks they are, all of one shape, the most urgent first.</param>
/// <param name="Tokens">Indices of the sequences that take part in the language model's step, and how many inputs each gives.</param>
internal readonly record struct Decision(IReadOnlyList<int> Chunks, IReadOnlyList<(int Sequence, int Inputs)> Tokens);

/// <summary>
/// Decides, and does nothing else. A chunk goes first when no sequence that waits for tokens is more urgent. A
/// language model step carries every sequence that wants one: reading the weights is its price, whoever shares it.
/// Only the background stays out of it while somebody waits for sound, since company is cheap but not free.
/// </summary>
internal sealed class Scheduler(int maximumBatch, int maximumInputs, int maximumChunks = 1)
{
    /// <remarks>Chunks of the same shape go along with the most urgent one, as far as the flow takes several: they cost it nothing.</remarks>
    /// <param name="sequences">In the order of their arrival.</param>
    public Decision Decide(IReadOnlyList<SequenceNeeds> sequences)
    {
        List<int> ready = [.. ByUrgency(i => sequences[i].ChunkReady)];
        List<int> decoding = [.. ByUrgency(i => sequences[i].Inputs > 0)];
        if (decoding.Count > 0 && sequences[decoding[0]].Urgency.IsPressing)
        {
            decoding.RemoveAll(i => sequences[i].Urgency.IsBackground);
        }

        var chunkFirst = ready.Count > 0 && (decoding.Count == 0 || sequences[ready[0]].Urgency.CompareTo(sequences[decoding[0]].Urgency) <= 0);
        return chunkFirst
            ? new Decision([.. ready.Where(i => sequences[i].Shape == sequences[ready[0]].Shape).Take(maximumChunks)], [])
            : new Decision([], Share(sequences, decoding));

        IEnumerable<int> ByUrgency(Func<int, bool> wanted) =>
            Enumerable.Range(0, sequences.Count).Where(wanted).OrderBy(i => sequences[i].Urgency);
    }

    /// <summary>A long prompt is prefilled over several steps, so that those who decode are not held up by it.</summary>
    private List<(int Sequence, int Inputs)> Share(IReadOnlyList<SequenceNeeds> sequences, List<int> decoding)
    {
        var step = new List<(int, int)>();
        var left = maximumInputs;
        foreach (var i in decoding.Take(maximumBatch))
        {
            var inputs = Math.Min(sequences[i].Inputs, Math.Max(1, left));
            step.Add((i, inputs));
            left -= inputs;
        }

        return step;
    }
}
