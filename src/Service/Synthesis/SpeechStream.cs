using System.Threading.Channels;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyVoice.State;
using CosyVoice.Text.Marks;

namespace CosyOrleans.Service.Synthesis;

/// <summary>
/// One speech under way: takes chunks from the model as they are made, ahead of the listener up to a limit, so that
/// a slot is held for as long as the model works and not for as long as somebody listens.
/// </summary>
internal sealed class SpeechStream : IAsyncDisposable
{
    private readonly Channel<AudioFrame> _frames;
    private readonly CancellationTokenSource _stop;
    private readonly SpeechTicket _ticket;
    private readonly SpeechProgress _progress;
    private readonly DeviceCare _care;
    private readonly TimeProvider _time;
    private readonly FrameCutter _cutter;
    private readonly int _sampleRate;
    private readonly bool _resumed;
    private Task _pump = Task.CompletedTask;

    public SpeechStream(
        SynthesisOptions options,
        int sampleRate,
        SpeechResumption? resume,
        SpeechTicket ticket,
        SpeechProgress progress,
        DeviceCare care,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        _frames = Channel.CreateBounded<AudioFrame>(new BoundedChannelOptions(options.ReadAheadSeconds * 1000 / options.FrameMilliseconds)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _cutter = new FrameCutter(options.FrameSamples(sampleRate), resume);
        _resumed = resume is not null;
        _sampleRate = sampleRate;
        _ticket = ticket;
        (_progress, _care, _time) = (progress, care, time);
    }

    public void Start(ILoadedModel model, SpeechInput input) => _pump = Task.Run(() => PumpAsync(model, input));

    /// <summary>Completes when there is sound to send.</summary>
    /// <exception cref="SpeechException">There will be none.</exception>
    public async Task FirstFrameAsync(CancellationToken cancellationToken)
    {
        var any = await _frames.Reader.WaitToReadAsync(cancellationToken);
        if (!any && !_resumed) // Who goes on may have had everything.
        {
            throw SpeechException.Internal(new InvalidOperationException("the model made no sound"));
        }
    }

    public IAsyncEnumerable<AudioFrame> ReadAllAsync(CancellationToken cancellationToken) =>
        _frames.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    private async Task PumpAsync(ILoadedModel model, SpeechInput input)
    {
        Exception? failure = null;
        try
        {
            await foreach (var chunk in model.SpeakPatientlyAsync(input, _ticket, _care, _time, _stop.Token))
            {
                var seconds = (double)chunk.Samples.Length / _sampleRate;
                _ticket.Produced(seconds);
                _progress.Produced(seconds);
                if (chunk.Ended is { } ended)
                {
                    _progress.Ended(ended);
                }

                await WriteAsync(_cutter.Add(chunk));
            }

            if (input.TextStream is not null && _cutter.Received == 0)
            {
                throw SpeechException.Invalid([TextRules.NothingToSpeak]);
            }

            await WriteAsync(_cutter.Finish());
            _ticket.Completed();
            _progress.Completed();
            _care.Succeeded();
        }
        catch (OperationCanceledException e) when (_stop.IsCancellationRequested)
        {
            failure = e;
            _progress.Cancelled();
        }
        catch (PronunciationMarkException e)
        {
            failure = SpeechException.Invalid([.. e.Problems.Select(TextRules.UnknownMark)]);
            _progress.Refused(SpeechErrorCodes.TextUnsupported);
        }
        catch (SpeechException e) when (e.Kind == SpeechErrorKind.Invalid) // The text, while it was being written.
        {
            failure = e;
            _progress.Refused(e.Code);
        }
        catch (StateException e)
        {
            failure = ResumeRules.Unusable(e.Message);
            _progress.Refused(SpeechErrorCodes.ResumeInvalid);
        }
        catch (Exception e)
        {
            failure = SpeechException.Of(e);
            _progress.Failed(e);
            _care.Failed(e);
        }

        _ticket.Dispose();
        _frames.Writer.Complete(failure);
    }

    private async ValueTask WriteAsync(IEnumerable<AudioFrame> frames)
    {
        foreach (var frame in frames)
        {
            await _frames.Writer.WriteAsync(frame, _stop.Token);
        }
    }
}
