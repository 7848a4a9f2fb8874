namespace CosyVoice.Engine;

/// <summary>A step of the language model for several sequences.</summary>
internal static class TokenStep
{
    /// <param name="inputs">How many each of them gives.</param>
    public static void Do(SpeechBatch batch, Sequence[] sequences, int[] inputs)
    {
        if (Array.Find(sequences, sequence => sequence.Needed > sequence.Cache.Capacity) is { } tooLong)
        {
            batch.End(tooLong.Run, new CacheCapacityException(tooLong.Needed, tooLong.Cache.Capacity));
            return; // The others are asked again.
        }

        var tokens = new DrawnToken[sequences.Length];
        var steps = sequences.Select((sequence, i) => new LanguageModelStep(sequence.Cache, sequence.Decoder.NextInputs(inputs[i]))
        {
            Draw = sequence.Decoder.Draw(inputs[i]),
        });
        try
        {
            batch.Model.LanguageModel.Sample([.. steps], batch.Model.Sampler, tokens);
        }
        catch (OutOfMemoryException error)
        {
            // Caches are as before. With the room of one the others get on; that it is the last who came lets the first end.
            batch.End(batch.LastToHoldCache(), error);
            return;
        }

        for (var i = 0; i < sequences.Length; i++)
        {
            var (taken, token) = (inputs[i], tokens[i].Id);
            batch.Guard([sequences[i]], one => Accept(batch, one[0], taken, token));
        }
    }

    private static void Accept(SpeechBatch batch, Sequence sequence, int inputs, int token)
    {
        if (token < 0)
        {
            throw NotFinite.Error("The scores");
        }

        sequence.Decoder.Accept(inputs, token);
        if (!sequence.Decoder.Ended)
        {
            return;
        }

        sequence.Cache.Dispose(); // Long before it has been heard: others need the room.
        if (batch.Model.StartAgain(sequence) is { } again)
        {
            batch.Replace(sequence, again);
        }
    }
}
