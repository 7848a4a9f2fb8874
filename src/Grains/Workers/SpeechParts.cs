using System.Runtime.CompilerServices;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Grains.Workers;

/// <summary>A speech of this process as the parts that travel.</summary>
internal static class SpeechParts
{
    public static async IAsyncEnumerable<SpeechPart> SpeakInPartsAsync(
        this ISynthesis synthesis, SpeakRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (speech, refusal) = await BeginAsync(synthesis, request, cancellationToken);
        if (speech is null)
        {
            yield return refusal!;
            yield break;
        }

        await using (speech)
        {
            yield return new SpeechPart { Details = DetailsMessage.From(speech.Details) };
            await using var frames = speech.Frames.GetAsyncEnumerator(cancellationToken);
            SpeechPart part;
            do
            {
                part = await NextAsync(frames);
                yield return part;
            }
            while (part.Frame is not null);
        }
    }

    // Preparing a text is computing, and has no place in a grain's turn.
    private static async Task<(Speech? Speech, SpeechPart? Refusal)> BeginAsync(
        ISynthesis synthesis, SpeakRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return (await Task.Run(() => synthesis.SpeakAsync(request, cancellationToken), cancellationToken), null);
        }
        catch (SpeechException e)
        {
            return (null, new SpeechPart { Error = ErrorMessage.From(e) });
        }
    }

    private static async ValueTask<SpeechPart> NextAsync(IAsyncEnumerator<AudioFrame> frames)
    {
        try
        {
            return await frames.MoveNextAsync() ? new SpeechPart { Frame = FrameMessage.From(frames.Current) } : SpeechPart.End;
        }
        catch (SpeechException e)
        {
            return new SpeechPart { Error = ErrorMessage.From(e) };
        }
    }
}
