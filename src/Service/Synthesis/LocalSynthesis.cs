using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Tenants;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Speaks with the model of this process.</summary>
/// <param name="voices">Null: only the model's own voices.</param>
public sealed class LocalSynthesis(
    LocalModel model,
    SpeechQueue queue,
    SynthesisOptions options,
    SynthesisInstruments instruments,
    TimeProvider time,
    ILogger<LocalSynthesis> logger,
    VoiceShelf? voices = null) : ISynthesis
{
    private readonly ReferenceVoices _references = new();

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        var progress = new SpeechProgress(instruments, time, logger);
        SpeechTicket? ticket = null;
        SpeakOrder order;
        ILoadedModel loaded;
        try
        {
            loaded = model.Require();
            order = SpeakOrder.From(request, loaded, await FindVoiceAsync(request, loaded, cancellationToken), options);
            if (request.TextInput is { } text)
            {
                await text.WhenWordsAsync(cancellationToken); // Nobody holds a slot before there is anything to say.
                progress.TextBegins();
            }

            ticket = await queue.EnterAsync(order.Work, cancellationToken);
            progress.Started(order);
            order = await order.ListenAsync(loaded, _references, cancellationToken); // With a slot: it is work like speaking.
        }
        catch (Exception e)
        {
            ticket?.Dispose();
            throw Ended(progress, e);
        }

        var stream = new SpeechStream(options, loaded.SampleRate, order.Resume, ticket, progress, model.Care, time, cancellationToken);
        stream.Start(loaded, order.Input);
        try
        {
            await stream.FirstFrameAsync(cancellationToken);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        return new Speech(order.Details, stream.ReadAllAsync(cancellationToken), stream.DisposeAsync);
    }

    /// <summary>Records why nothing is spoken, and says it to whoever asked.</summary>
    private static Exception Ended(SpeechProgress progress, Exception failure)
    {
        switch (failure)
        {
            case OperationCanceledException:
                progress.Cancelled();
                return failure;
            case SpeechException refusal:
                progress.Refused(refusal.Code);
                return refusal;
            default:
                progress.Failed(failure);
                return SpeechException.Internal(failure);
        }
    }

    /// <summary>The voice of the catalogue that a request names; null where it names none.</summary>
    private async ValueTask<VoiceProfile?> FindVoiceAsync(SpeakRequest request, ILoadedModel loaded, CancellationToken cancellationToken)
    {
        // What cannot be the name of a voice is not looked for: it is whatever somebody sent.
        if (voices is null || request.SpeakerId is not { } id || request.VoiceVersion <= 0 || loaded.VoiceIds.Contains(id) || !VoiceRules.IsId(id))
        {
            return null;
        }

        var scope = new TenantScope(request.Tenant);
        if (scope.Own(id) is not { } own)
        {
            // Named as inside the service, by whoever goes on with a speech.
            return scope.Owns(id) ? await voices.FindAsync(id, request.VoiceVersion, cancellationToken) : null;
        }

        return await voices.FindAsync(own, request.VoiceVersion, cancellationToken)
            ?? (own == id ? null : await voices.FindAsync(id, request.VoiceVersion, cancellationToken));
    }
}
