using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>Turns a chunk of each of several sequences into sound: flow, then vocoder, as many in a call as they take.</summary>
internal static class ChunkStep
{
    /// <summary>Who is alone can be cancelled on the way.</summary>
    public static void Do(SpeechBatch batch, Sequence[] sequences)
    {
        FlowRequest?[] requests = [.. sequences.Select(sequence => sequence.TakeChunk())];
        var cancellation = sequences is [var only] ? only.Run.Cancellation : CancellationToken.None;
        IReadOnlyList<FlowRequest> asked = [.. requests.OfType<FlowRequest>()];
        var mels = new Queue<Tensor>(asked.Count > 0 ? batch.Model.Flow.Generate(asked, cancellation) : []);
        var prepared = new List<Sequence>();
        for (var i = 0; i < sequences.Length; i++)
        {
            using var mel = requests[i] is null ? null : mels.Dequeue();
            if (batch.Guard([sequences[i]], one => one[0].Prepare(mel)))
            {
                prepared.Add(sequences[i]);
            }
        }

        foreach (var alike in prepared.GroupBy(sequence => sequence.Passage?.Frames ?? 0))
        {
            foreach (var call in alike.Chunk(alike.Key == 0 ? 1 : batch.Model.Vocoder.BatchSizeOf(alike.Key)))
            {
                batch.Guard(call, those => Decode(batch, those));
            }
        }
    }

    /// <summary>Decodes passages of one length together; a sequence that has none stands alone.</summary>
    private static void Decode(SpeechBatch batch, Sequence[] sequences)
    {
        VocoderPassage[] passages = [.. sequences.Select(sequence => sequence.Passage).OfType<VocoderPassage>()];
        var decoded = passages.Length > 0 ? batch.Model.Vocoder.Decode(passages) : [];
        for (var i = 0; i < sequences.Length; i++)
        {
            var samples = decoded.ElementAtOrDefault(i);
            batch.Guard([sequences[i]], one => one[0].Speak(samples, batch.Now));
        }
    }
}
