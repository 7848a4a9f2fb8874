using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>The waiting room of one node: <see cref="SpeechAdmission"/> decides, this makes callers wait.</summary>
public sealed class SpeechQueue(SynthesisOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SpeechAdmission _admission =
        new(options.MaxRunning, options.MaxQueued, options.MaxWaitSeconds, options.BatchAgeingSeconds);

    private readonly SpeechPricing _pricing = new();
    private readonly long _origin = time.GetTimestamp();

    public int Running => Guarded(() => _admission.Running);

    public int Queued => Guarded(() => _admission.Queued);

    /// <summary>Seconds of sound still to be made of everything that runs or waits, as predicted from the texts.</summary>
    public double QueuedSeconds => Guarded(() => _admission.QueuedSeconds);

    /// <summary>Seconds of sound this node makes per second when all its slots are taken.</summary>
    public double Capacity => Guarded(() => _admission.Capacity);

    /// <summary>Speeches that may be generated at the same time, 1 to <see cref="SynthesisOptions.MaxRunning"/>.</summary>
    public int Slots => Guarded(() => _admission.Slots);

    /// <summary>
    /// Changes how many speeches may be generated at the same time. Speeches that run go on; when there are more of
    /// them than that, nobody starts until enough have ended.
    /// </summary>
    /// <param name="slots">1 to <see cref="SynthesisOptions.MaxRunning"/>.</param>
    public void Limit(int slots)
    {
        if (slots < 1 || slots > options.MaxRunning)
        {
            throw new ArgumentOutOfRangeException(
                nameof(slots), slots, $"The number of slots must be 1 to {options.MaxRunning}, which is Synthesis:MaxRunning.");
        }

        Start(Guarded(() => _admission.Limit(slots, Now)));
    }

    /// <summary>How long somebody who came now would wait for a slot, in seconds.</summary>
    public double PredictWaitSeconds(SpeechLane lane) => Guarded(() => _admission.PredictWaitSeconds(Now, lane));

    /// <summary>What the first speeches taught: the sound of a text, and how much sound is made per second.</summary>
    internal void Calibrate(int textTokens, double soundSeconds, double capacity)
    {
        lock (_gate)
        {
            _admission.Calibrate(capacity);
            _pricing.Observe(textTokens, 1, soundSeconds);
        }
    }

    /// <summary>Completes with a slot.</summary>
    /// <exception cref="SpeechException">The wait would be too long.</exception>
    internal async Task<SpeechTicket> EnterAsync(SpeechWork work, CancellationToken cancellationToken)
    {
        var ticket = Enter(work);
        try
        {
            await ticket.Started.WaitAsync(cancellationToken);
            return ticket;
        }
        catch
        {
            ticket.Dispose();
            throw;
        }
    }

    internal void Produced(SpeechTicket ticket, double seconds)
    {
        lock (_gate)
        {
            _admission.Produced(ticket, seconds, Now);
        }
    }

    internal void Completed(SpeechTicket ticket)
    {
        lock (_gate)
        {
            if (ticket.Work.Seconds is null)
            {
                _pricing.Observe(ticket.Work.TextTokens, ticket.Work.Speed, ticket.Work.SecondsBefore + ticket.ProducedSeconds);
            }
        }
    }

    /// <summary>Puts a speech whose memory ran out back into the line, to go on when there are few enough.</summary>
    internal void Return(SpeechTicket ticket)
    {
        IReadOnlyList<SpeechLoad> started;
        lock (_gate)
        {
            if (ticket.HasLeft)
            {
                return;
            }

            ticket.Wait();
            started = _admission.Return(ticket, Now);
        }

        Start(started);
    }

    internal void Leave(SpeechTicket ticket)
    {
        IReadOnlyList<SpeechLoad> started;
        lock (_gate)
        {
            if (ticket.HasLeft)
            {
                return;
            }

            ticket.HasLeft = true;
            started = _admission.Leave(ticket, Now);
        }

        Start(started);
    }

    private TimeSpan Now => time.GetElapsedTime(_origin);

    private SpeechTicket Enter(SpeechWork work)
    {
        lock (_gate)
        {
            var whole = work.Seconds is { } seconds ? seconds / work.Speed : _pricing.Predict(work.TextTokens, work.Speed);
            var predicted = whole - work.SecondsBefore;
            var ticket = new SpeechTicket(this, work, predicted);
            var answer = _admission.Enter(ticket, Now);
            if (answer.Outcome == AdmissionOutcome.Refused)
            {
                throw AdmissionErrors.Busy(_admission.Running, _admission.Queued, answer.RetryAfter);
            }

            if (answer.Outcome == AdmissionOutcome.Started)
            {
                ticket.Start();
            }

            return ticket;
        }
    }

    private static void Start(IReadOnlyList<SpeechLoad> started)
    {
        foreach (var load in started)
        {
            ((SpeechTicket)load).Start();
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
