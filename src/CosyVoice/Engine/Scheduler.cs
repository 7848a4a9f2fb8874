namespace CosyVoice.Engine;

/// <summary>What the scheduler knows of a sequence.</summary>
/// <param name="Inputs">Inputs the language model has yet to see, 0 when it needs none now.</param>
/// <param name="ChunkReady">Whether a chunk can be turned into sound.</param>
internal readonly record struct SequenceNeeds(int Inputs, bool ChunkReady, Urgency Urgency);

/// <summary>The next step: a chunk of one sequence, or one step of the language model for several; neither when idle.</summary>
/// <param name="Chunk">Index of the sequence whose chunk is turned into sound, or -1.</param>
/// <param name="Tokens">Indices of the sequences that take part in the language model's step, and how many inputs each gives.</param>
internal readonly record struct Decision(int Chunk, IReadOnlyList<(int Sequence, int Inputs)> Tokens);

/// <summary>
/// Decides, and does nothing else. A chunk goes first when no sequence that waits for tokens is more urgent. A
/// language model step carries every sequence that wants one: reading the weights is its price, whoever shares it.
/// Only the background stays out of it while somebody waits for sound, since company is cheap but not free.
/// </summary>
internal sealed class Scheduler(int maximumBatch, int maximumInputs)
{
    /// <param name="sequences">In the order of their arrival.</param>
    public Decision Decide(IReadOnlyList<SequenceNeeds> sequences)
    {
        var chunk = -1;
        var decoding = new List<int>();
        for (var i = 0; i < sequences.Count; i++)
        {
            if (sequences[i].ChunkReady && (chunk < 0 || sequences[i].Urgency.CompareTo(sequences[chunk].Urgency) < 0))
            {
                chunk = i;
            }

            if (sequences[i].Inputs > 0)
            {
                decoding.Add(i);
            }
        }

        decoding = [.. decoding.OrderBy(i => sequences[i].Urgency)];
        if (decoding.Count > 0 && sequences[decoding[0]].Urgency.IsPressing)
        {
            decoding.RemoveAll(i => sequences[i].Urgency.IsBackground);
        }

        var chunkFirst = chunk >= 0 && (decoding.Count == 0 || sequences[chunk].Urgency.CompareTo(sequences[decoding[0]].Urgency) <= 0);
        return chunkFirst ? new Decision(chunk, []) : new Decision(-1, Share(sequences, decoding));
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
