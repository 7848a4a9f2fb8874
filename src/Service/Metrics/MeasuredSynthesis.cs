using System.Runtime.CompilerServices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Metrics;

/// <summary>Measures what listeners get. Jobs are left out: nobody waits for them.</summary>
public sealed class MeasuredSynthesis(ISynthesis inner, StreamInstruments instruments, TimeProvider time) : ISynthesis
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        if (request.Lane == SpeechLane.Batch)
        {
            return await inner.SpeakAsync(request, cancellationToken);
        }

        var asked = time.GetTimestamp();
        try
        {
            var speech = await inner.SpeakAsync(request, cancellationToken);
            return new Speech(speech.Details, MeasureAsync(speech, request, asked, cancellationToken), speech.DisposeAsync);
        }
        catch (Exception e)
        {
            instruments.Ended(OutcomeOf(e, "refused"));
            throw;
        }
    }

    private async IAsyncEnumerable<AudioFrame> MeasureAsync(
        Speech speech, SpeakRequest request, long asked, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A text that is being written makes pauses of its own, and time passes before its first word.
        var written = request.TextInput is not null;
        var (rate, sound, worst, first, outcome) = ((double)speech.Details.SampleRate, 0.0, 0.0, 0L, "left");
        await using var frames = speech.Frames.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                var before = time.GetTimestamp();
                if (!await NextAsync(frames.MoveNextAsync()))
                {
                    break;
                }

                if (first == 0)
                {
                    first = time.GetTimestamp();
                    if (!written)
                    {
                        instruments.First(time.GetElapsedTime(asked, first).TotalSeconds, request.Streaming);
                    }
                }
                else if (time.GetElapsedTime(before) > AtOnce) // Otherwise it was there, and it is the listener who is slow.
                {
                    worst = Math.Max(worst, time.GetElapsedTime(first).TotalSeconds - sound);
                }

                sound += frames.Current.Samples.Length / rate;
                yield return frames.Current;
            }

            outcome = "ok";
            instruments.Last(time.GetElapsedTime(asked).TotalSeconds, written || !request.Streaming ? null : worst, request.Streaming);
        }
        finally
        {
            instruments.Ended(outcome);
        }

        async ValueTask<bool> NextAsync(ValueTask<bool> next)
        {
            try
            {
                return await next;
            }
            catch (Exception e)
            {
                outcome = OutcomeOf(e, "failed");
                throw;
            }
        }
    }

    private static string OutcomeOf(Exception e, string otherwise) => e switch
    {
        OperationCanceledException => "left",
        SpeechException { Kind: SpeechErrorKind.Internal } => "failed",
        _ => otherwise,
    };
}
