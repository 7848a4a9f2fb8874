using CosyVoice.Engine;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Follows one speech from the request to its end, and records it in metrics and log exactly once.</summary>
internal sealed partial class SpeechProgress(SynthesisInstruments instruments, TimeProvider time, ILogger logger)
{
    private long _asked = time.GetTimestamp();
    private long _firstSound;
    private double _seconds;
    private double _worstUnderrun;
    private SpeakOrder? _order;

    /// <summary>A text begins that was still to be written when it was asked for: what has passed was the writer's time.</summary>
    public void TextBegins() => _asked = time.GetTimestamp();

    /// <summary>A slot is there, after waiting for it.</summary>
    public void Started(SpeakOrder order)
    {
        _order = order;
        instruments.Waited(Elapsed);
    }

    public void Produced(double seconds)
    {
        instruments.Produced(seconds);
        if (_seconds == 0 && seconds > 0)
        {
            _firstSound = time.GetTimestamp();
            instruments.FirstSound(Elapsed, Streaming);
        }
        else
        {
            // Somebody who plays from the first sample on has played this long; what is missing is silence to them.
            var played = time.GetElapsedTime(_firstSound).TotalSeconds;
            _worstUnderrun = Math.Max(_worstUnderrun, played - _seconds);
        }

        _seconds += seconds;
    }

    public void Ended(SegmentReport segment) => instruments.Checked(segment);

    public void Completed()
    {
        instruments.Finished("ok", Elapsed, Streaming);
        if (Streaming && _order!.Input.TextStream is null) // Who waits for the writer is not left waiting by us.
        {
            instruments.Underrun(_worstUnderrun);
        }

        var details = _order!.Details;
        LogSpoken(details.TaskId, details.VoiceId, details.Seed, _seconds, Elapsed, time.GetElapsedTime(_asked, _firstSound).TotalSeconds);
    }

    public void Cancelled()
    {
        instruments.Finished("cancelled", Elapsed, Streaming);
        LogCancelled(_order?.Details.TaskId, _seconds, Elapsed);
    }

    public void Refused(string code)
    {
        instruments.Finished("refused", Elapsed, Streaming);
        LogRefused(code);
    }

    public void Failed(Exception exception)
    {
        instruments.Finished("failed", Elapsed, Streaming);
        LogFailed(exception, _order?.Details.TaskId, _seconds);
    }

    private double Elapsed => time.GetElapsedTime(_asked).TotalSeconds;

    private bool Streaming => _order is { Input.Streaming: true };
}
