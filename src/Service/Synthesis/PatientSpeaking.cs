using System.Runtime.CompilerServices;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Speaking on a device whose memory may run out on the way.</summary>
internal static class PatientSpeaking
{
    // Meanwhile others end, and fewer start.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>
    /// The chunks of a speech, each once. When memory runs out it is tried again from there, as often as fewer can speak at the
    /// same time, and three times at one chunk in any case.
    /// </summary>
    public static async IAsyncEnumerable<AudioChunk> SpeakPatientlyAsync(
        this ILoadedModel model,
        SpeechInput input,
        SpeechTicket ticket,
        DeviceCare care,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (made, pauses) = (0L, 0);
        while (true)
        {
            await using var chunks = model.SpeakAsync(input, cancellationToken).GetAsyncEnumerator(cancellationToken);
            bool? any;
            while ((any = await NextAsync(chunks, care, mayTryAgain: pauses < Pauses.Length || care.IsCrowded)) == true)
            {
                var chunk = chunks.Current;
                input = input with { Resume = chunk.Checkpoint ?? input.Resume };
                if (chunk.SampleOffset < made)
                {
                    continue; // Made again only to go on from there.
                }

                (made, pauses) = (chunk.SampleOffset + chunk.Samples.Length, 0);
                yield return chunk;
            }

            if (any == false)
            {
                yield break;
            }

            await Task.Delay(Pauses[Math.Min(pauses++, Pauses.Length - 1)], time, cancellationToken);
            await ticket.ReturnAsync(cancellationToken);
        }
    }

    /// <summary>Whether there is another chunk; null when memory ran out and it may be tried again.</summary>
    private static async ValueTask<bool?> NextAsync(IAsyncEnumerator<AudioChunk> chunks, DeviceCare care, bool mayTryAgain)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (OutOfMemoryException e) when (mayTryAgain)
        {
            care.Failed(e);
            return null;
        }
    }
}
