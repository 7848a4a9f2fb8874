using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
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
    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        var progress = new SpeechProgress(instruments, time, logger);
        SpeechTicket ticket;
        SpeakOrder order;
        ILoadedModel loaded;
        try
        {
            loaded = model.Require();
            order = SpeakOrder.From(request, loaded, await FindVoiceAsync(request, loaded, cancellationToken), options);
            ticket = await queue.EnterAsync(order.Work, cancellationToken);
        }
        catch (SpeechException e)
        {
            progress.Refused(e.Code);
            throw;
        }
        catch (OperationCanceledException)
        {
            progress.Cancelled();
            throw;
        }

        progress.Started(order);
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

    /// <summary>The voice of the catalogue that a request names; null where it names none.</summary>
    private async ValueTask<VoiceProfile?> FindVoiceAsync(SpeakRequest request, ILoadedModel loaded, CancellationToken cancellationToken)
    {
        // What cannot be the name of a voice is not looked for: it is whatever somebody sent.
        if (voices is null || request.SpeakerId is not { } id || request.VoiceVersion <= 0 || loaded.VoiceIds.Contains(id) || !VoiceRules.IsId(id))
        {
            return null;
        }

        return await voices.FindAsync(id, request.VoiceVersion, cancellationToken);
    }
}
