using System.Threading.Channels;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>
/// A speech followed from worker to worker. It holds what is needed to go on (the number of the next frame, the newest
/// checkpoint) and watches the one that speaks: when it is silent for too long, others are asked to go on from there.
/// Workers of one fingerprint make the same samples, so whoever brings the next frame first is right, and the rest is stopped;
/// another kind of device is asked only where no worker of the same fingerprint is left: a change that may be heard, not silence.
/// </summary>
internal sealed partial class FollowedSpeech : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly int TicksPerSecond = (int)(TimeSpan.FromSeconds(1) / Tick);

    // A newcomer finds nobody for a moment when all nodes are busy starting or one too many has just died.
    private static readonly int NewcomerTicks = 2 * TicksPerSecond;

    private readonly WorkerDirectory _directory;
    private readonly FailoverOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClusterInstruments _instruments;
    private readonly Channel<AudioFrame> _frames;
    private readonly TaskCompletionSource<SpeechDetails> _details = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop;
    private readonly List<SpeechAttempt> _attempts = [];
    private readonly Refusals _refusals = new();
    private readonly Task _pump;
    private readonly TextInput? _text; // Kept here, and given again from its beginning to whoever goes on.
    private SpeakMessage _message; // With the voice and its version, once a worker has decided on them.
    private SpeechResumption _position;
    private string? _fingerprint; // Of whoever was heard last.
    private int _idleTicks; // Since anybody was asked, or answered.
    private int _failures; // At the present passage.
    private bool _hadPlace; // Somebody took it on and was then lost.
    private bool _done;

    public FollowedSpeech(
        SpeakMessage message,
        WorkerDirectory directory,
        FailoverOptions options,
        ClusterInstruments instruments,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken,
        TextInput? text = null)
    {
        _text = text;
        (_message, _directory, _options, _instruments, _time, _logger) = (message, directory, options, instruments, time, logger);
        _position = message.Resume?.ToResumption() ?? new SpeechResumption(0, 0, null);
        _frames = Channel.CreateBounded<AudioFrame>(new BoundedChannelOptions(options.ReadAheadSeconds * 50) { SingleReader = true, SingleWriter = true });
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pump = Task.Run(PumpAsync, CancellationToken.None);
    }

    /// <summary>Completes when there is sound.</summary>
    /// <exception cref="SpeechException">There will be none.</exception>
    public Task<SpeechDetails> Details => _details.Task;

    public IAsyncEnumerable<AudioFrame> ReadAllAsync(CancellationToken cancellationToken) => _frames.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pump;
        _stop.Dispose();
    }

    /// <summary>Number of the frame that is due.</summary>
    public long NextFrame => _position.FrameNumber;

    private bool HasBegun => _position.FrameNumber > 0;

    // Whoever was taken on once is not sent away: other workers take it before newcomers, and it waits for them longer.
    private bool IsContinuation => HasBegun || _hadPlace;

    private async Task PumpAsync()
    {
        Exception? failure = null;
        try
        {
            Ask();
            var tick = Task.Delay(Tick, _time, _stop.Token);
            while (!_done)
            {
                await Task.WhenAny([.. _attempts.Select(attempt => attempt.Next), tick]);
                _stop.Token.ThrowIfCancellationRequested();
                foreach (var attempt in _attempts.ToArray())
                {
                    await HearAsync(attempt);
                }

                if (tick.IsCompleted)
                {
                    CountTick();
                    tick = Task.Delay(Tick, _time, _stop.Token);
                }
            }
        }
        catch (Exception e)
        {
            failure = e is SpeechException or OperationCanceledException ? e : SpeechException.Internal(e);
        }

        foreach (var attempt in _attempts)
        {
            attempt.Stop();
        }

        _frames.Writer.Complete(failure);
        Conclude(failure);
    }

    private void Conclude(Exception? failure)
    {
        switch (failure)
        {
            case null:
                _instruments.Finished("ok");
                break;
            case OperationCanceledException:
                _instruments.Finished("cancelled");
                _details.TrySetCanceled(_stop.Token);
                break;
            default:
                _instruments.Finished(HasBegun ? "failed" : "refused");
                _details.TrySetException(failure);
                _ = _details.Task.Exception; // Observed: whoever waits for it may be gone.
                break;
        }
    }

    /// <summary>Takes everything that an attempt has brought.</summary>
    private async ValueTask HearAsync(SpeechAttempt attempt)
    {
        while (!_done && attempt.Next.IsCompleted && _attempts.Contains(attempt))
        {
            SpeechPart? part = null;
            try
            {
                part = await attempt.Next ? attempt.Current : null;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                LogBroken(attempt.Worker.Key, _message.TaskId, e.Message);
            }

            if (part is null)
            {
                attempt.Worker.Suspect();
                _hadPlace = true;
                Drop(attempt, "broken");
                return;
            }

            attempt.SilentTicks = 0;
            _idleTicks = 0;
            await TakeAsync(attempt, part);
            if (part is { IsEnd: false, Error: null } && _attempts.Contains(attempt))
            {
                attempt.Advance();
            }
        }
    }

    private async ValueTask TakeAsync(SpeechAttempt attempt, SpeechPart part)
    {
        if (part.Frame is { } frame && frame.Number >= _position.FrameNumber)
        {
            await DeliverAsync(attempt, frame.ToFrame());
        }
        else if (part.Details is { } details)
        {
            TakeDetails(attempt, details);
        }
        else if (part.IsEnd)
        {
            _done = true;
        }
        else if (part.Error is { } error)
        {
            Refused(attempt, error.ToException());
        }
    }

    /// <summary>The first who decides on a voice and its version decides for all: nobody goes on with another.</summary>
    private void TakeDetails(SpeechAttempt attempt, DetailsMessage details)
    {
        var decided = details.ToDetails();
        if (_details.TrySetResult(decided))
        {
            _message = _message with { SpeakerId = details.VoiceId, VoiceVersion = details.VoiceVersion };
            _position = _position with { Heard = decided.Heard };
        }
        else if (details.VoiceId != _message.SpeakerId || details.VoiceVersion != _message.VoiceVersion)
        {
            Drop(attempt, "voice");
        }
    }

    private async ValueTask DeliverAsync(SpeechAttempt attempt, AudioFrame frame)
    {
        if (frame.Number != _position.FrameNumber || frame.SampleOffset != _position.SampleOffset)
        {
            throw SpeechException.Internal(new InvalidOperationException(
                $"Worker {attempt.Worker.Key} sent frame {frame.Number} at sample {frame.SampleOffset}; due was {_position.FrameNumber} at {_position.SampleOffset}."));
        }

        _position = _position with
        {
            FrameNumber = frame.Number + 1, SampleOffset = frame.SampleOffset + frame.Samples.Length, Checkpoint = frame.Checkpoint ?? _position.Checkpoint,
        };
        _failures = 0;
        _fingerprint = attempt.Worker.Status?.Fingerprint ?? _fingerprint;
        foreach (var other in _attempts.Where(other => other != attempt).ToArray())
        {
            other.Stop();
            _attempts.Remove(other);
        }

        await _frames.Writer.WriteAsync(frame, _stop.Token);
    }

    private void Refused(SpeechAttempt attempt, SpeechException error)
    {
        if (error.Code == SpeechErrorCodes.ResumeInvalid && _position.Checkpoint is not null)
        {
            // A checkpoint that this worker cannot use, of another version perhaps: made from the beginning it sounds the same.
            _position = _position with { Checkpoint = null };
            Drop(attempt, "checkpoint");
            return;
        }

        if (error.Kind is SpeechErrorKind.Invalid)
        {
            throw error;
        }

        if (error.Kind is not (SpeechErrorKind.Busy or SpeechErrorKind.NotReady) && ++_failures >= _options.MaxFailures)
        {
            throw error;
        }

        _hadPlace |= error.Code == SpeechErrorCodes.NodeDraining;
        _refusals.Add(attempt.Worker.Key, error);
        Drop(attempt, "refused");
    }

    private void Drop(SpeechAttempt attempt, string reason)
    {
        attempt.Stop();
        _attempts.Remove(attempt);
        _instruments.MovedOn(reason);
        if (_attempts.Count == 0)
        {
            Ask();
        }
    }

    private void CountTick()
    {
        _refusals.CountTick();
        _idleTicks++;
        foreach (var attempt in _attempts)
        {
            attempt.SilentTicks++;
        }

        // Ticks, not time: when this process itself was held up, one tick passes and what arrived meanwhile comes first.
        if (_attempts.Count < _options.MaxAttempts && _attempts.All(IsSilent))
        {
            foreach (var attempt in _attempts)
            {
                LogSilent(attempt.Worker.Key, _message.TaskId, attempt.SilentTicks * (int)Tick.TotalMilliseconds);
                attempt.Worker.Suspect();
                _hadPlace = true;
                _instruments.MovedOn("silent");
            }

            Ask();
        }
    }

    private bool IsSilent(SpeechAttempt attempt) =>
        attempt.SilentTicks * Tick.TotalMilliseconds >= _options.SilenceMilliseconds * attempt.Worker.Patience;

    /// <summary>Asks a worker to go on from the present position, if there is one to ask.</summary>
    private void Ask()
    {
        string[] exclude = [.. _attempts.Select(attempt => attempt.Worker.Key), .. _refusals.Keys];
        var worker = IsContinuation ? _directory.ChooseToGoOn(_message.SpeakerId, _fingerprint, exclude) : _directory.Choose(_message.SpeakerId, exclude);
        if (worker is not null)
        {
            _attempts.Add(new SpeechAttempt(worker, IsContinuation ? Continuation() : _message, _text, _stop.Token));
            _idleTicks = 0;
            if (IsContinuation)
            {
                LogGoesOn(worker.Key, _message.TaskId, _position.FrameNumber);
            }
        }
        else if (_attempts.Count == 0)
        {
            GiveUpWhenItIsTime();
        }
    }

    private SpeakMessage Continuation() => _message with { Resume = ResumptionMessage.From(_position) };

    private void GiveUpWhenItIsTime()
    {
        if (!IsContinuation && _refusals.Kindest is { } refusal)
        {
            throw refusal;
        }

        if (_idleTicks >= (IsContinuation ? _options.GiveUpSeconds * TicksPerSecond : NewcomerTicks))
        {
            throw NobodyThere();
        }
    }

    private static SpeechException NobodyThere() => new(
        SpeechErrorKind.NotReady,
        SpeechErrorCodes.NotReady,
        "No node of the cluster can speak at the moment.",
        "Ask again in a few seconds. Whoever runs the cluster finds out more with ./cosy cluster status.")
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };
}
