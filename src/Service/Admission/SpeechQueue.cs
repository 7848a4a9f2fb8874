using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>The waiting room of one node: <see cref="SpeechAdmission"/> decides, this makes callers wait.</summary>
public sealed class SpeechQueue(SynthesisOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly SpeechAdmission _admission = new(options.MaxRunning, options.MaxQueued, options.MaxWaitSeconds);
    private readonly SpeechPricing _pricing = new();
    private readonly long _origin = time.GetTimestamp();

    public int Running => Guarded(() => _admission.Running);

    public int Queued => Guarded(() => _admission.Queued);

    /// <summary>Seconds of sound this node makes per second when all its slots are taken.</summary>
    public double Capacity => Guarded(() => _admission.Capacity);

    /// <summary>What the first speech taught.</summary>
    internal void Calibrate(int textTokens, double soundSeconds, double elapsedSeconds)
    {
        lock (_gate)
        {
            _admission.Calibrate(soundSeconds / elapsedSeconds);
            _pricing.Observe(textTokens, 1, soundSeconds);
        }
    }

    /// <summary>Completes with a slot.</summary>
    /// <exception cref="SpeechException">The wait would be too long.</exception>
    internal async Task<SpeechTicket> EnterAsync(int textTokens, double speed, CancellationToken cancellationToken)
    {
        var ticket = Enter(textTokens, speed);
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
            _pricing.Observe(ticket.TextTokens, ticket.Speed, ticket.ProducedSeconds);
        }
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

        foreach (var load in started)
        {
            ((SpeechTicket)load).Start();
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_origin);

    private SpeechTicket Enter(int textTokens, double speed)
    {
        lock (_gate)
        {
            var ticket = new SpeechTicket(this, textTokens, speed, _pricing.Predict(textTokens, speed));
            var answer = _admission.Enter(ticket, Now);
            if (answer.Outcome == AdmissionOutcome.Refused)
            {
                throw Busy(answer.RetryAfter);
            }

            if (answer.Outcome == AdmissionOutcome.Started)
            {
                ticket.Start();
            }

            return ticket;
        }
    }

    private SpeechException Busy(TimeSpan retryAfter)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(Math.Min(retryAfter.TotalSeconds, TimeSpan.SecondsPerDay)));
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"The server is busy: {_admission.Running} speeches are being generated and {_admission.Queued} are waiting.");
        return new SpeechException(
            SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy, message, $"Ask again in about {seconds} s, as the Retry-After header says.")
        {
            RetryAfter = TimeSpan.FromSeconds(seconds),
        };
    }

    private T Guarded<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
