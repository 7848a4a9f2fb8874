using System.Runtime.CompilerServices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tenants;

/// <summary>Speaks for a tenant: with its own voices, then the shared ones. Which of them, whoever has the model finds out.</summary>
public sealed class TenantSynthesis(ISynthesis synthesis, TenantScope scope) : ISynthesis
{
    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        if (scope.Tenant is null)
        {
            return await synthesis.SpeakAsync(request with { Tenant = null }, cancellationToken);
        }

        try
        {
            var speech = await synthesis.SpeakAsync(request with { Tenant = scope.Tenant }, cancellationToken);
            return new Speech(Named(speech.Details), ReadAsync(speech, cancellationToken), speech.DisposeAsync);
        }
        catch (SpeechException e)
        {
            throw scope.Said(e);
        }
    }

    private SpeechDetails Named(SpeechDetails details) => scope.TryName(details.VoiceId, out var id) ? details with { VoiceId = id } : details;

    private async IAsyncEnumerable<AudioFrame> ReadAsync(Speech speech, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var frames = speech.Frames.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(frames))
        {
            yield return frames.Current;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<AudioFrame> frames)
    {
        try
        {
            return await frames.MoveNextAsync();
        }
        catch (SpeechException e)
        {
            throw scope.Said(e);
        }
    }
}
