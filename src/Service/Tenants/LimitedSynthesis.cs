using System.Runtime.CompilerServices;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tenants;

/// <summary>Speaks as far as a key allows. Sound is charged as it leaves; what has begun is never cut off.</summary>
/// <param name="countRequests">Whether each speech is a request, as on connections, where they are not counted elsewhere.</param>
public sealed class LimitedSynthesis(ISynthesis synthesis, ApiKey key, KeyRing keys, IUsage usage, bool countRequests) : ISynthesis
{
    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        if (!keys.IsValid(key)) // A connection may last longer than its key.
        {
            throw KeyErrors.NotValid();
        }

        if (countRequests && await usage.TakeRequestAsync(key, cancellationToken) is { } tooOften)
        {
            throw tooOften.ToException();
        }

        if (await usage.BeginSpeechAsync(key, cancellationToken) is { } tooMuch)
        {
            throw tooMuch.ToException();
        }

        try
        {
            var speech = await synthesis.SpeakAsync(request, cancellationToken);
            var ended = 0;
            return new Speech(speech.Details, ChargeAsync(speech, cancellationToken), async () =>
            {
                try
                {
                    await speech.DisposeAsync();
                }
                finally
                {
                    if (Interlocked.Exchange(ref ended, 1) == 0)
                    {
                        usage.EndSpeech(key);
                    }
                }
            });
        }
        catch
        {
            usage.EndSpeech(key);
            throw;
        }
    }

    private async IAsyncEnumerable<AudioFrame> ChargeAsync(Speech speech, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in speech.Frames.WithCancellation(cancellationToken))
        {
            usage.Produced(key, (double)frame.Samples.Length / speech.Details.SampleRate);
            yield return frame;
        }
    }
}
