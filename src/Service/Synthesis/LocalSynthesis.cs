using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Speaks with the model of this process.</summary>
public sealed class LocalSynthesis(
    LocalModel model,
    SpeechQueue queue,
    SynthesisOptions options,
    SynthesisInstruments instruments,
    TimeProvider time,
    ILogger<LocalSynthesis> logger) : ISynthesis
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
            order = SpeakOrder.From(request, loaded, options);
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
        var stream = new SpeechStream(options, loaded.SampleRate, order.Resume, ticket, progress, cancellationToken);
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
}
