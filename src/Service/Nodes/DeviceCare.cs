using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyVoice.Engine;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Nodes;

/// <summary>
/// Learns from how the speeches of a device end. Memory that runs out halves the number of speeches at the same time,
/// and each quiet minute gives one back. Three failures in a row put the device into quarantine: it takes nothing new
/// until it has spoken for itself, which it tries at once, so that requests that no device can serve do not take one away.
/// </summary>
internal sealed partial class DeviceCare(
    SpeechQueue queue, Func<CancellationToken, Task> check, TimeProvider time, ILogger logger) : IDisposable
{
    private const int FailuresInARow = 3;

    // The speeches of one step run out of memory together.
    private static readonly TimeSpan SameEvent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _slots = queue.Slots;
    private long? _changed; // When the number of slots was.
    private int _failures;
    private volatile bool _quarantined;

    public bool IsQuarantined => _quarantined;

    /// <summary>Whether speeches can still become fewer than they are.</summary>
    public bool IsCrowded => queue.Slots > 1 || queue.Running > 1;

    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
            if (queue.Slots < _slots && time.GetElapsedTime(_changed!.Value) >= Calm)
            {
                Limit(queue.Slots + 1);
            }
        }
    }

    public void Failed(Exception failure)
    {
        lock (_gate)
        {
            if (failure is CacheCapacityException || (failure is OutOfMemoryException && IsKnown))
            {
                return; // The request's fault, or what is being done about already.
            }

            if (failure is OutOfMemoryException && queue.Slots > 1)
            {
                Limit(queue.Slots / 2);
            }
            else if (++_failures >= FailuresInARow && !_quarantined)
            {
                _quarantined = true;
                LogQuarantined(_failures, failure.Message);
                _ = RecoverAsync();
            }
        }
    }

    /// <exception cref="SpeechException">The device is in quarantine.</exception>
    public void ThrowIfQuarantined()
    {
        if (_quarantined)
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                SpeechErrorCodes.NodeQuarantined,
                "This node has failed several times in a row and is being checked.",
                "Ask again in a few seconds, or ask another node. The log says what failed.")
            {
                RetryAfter = FirstPause,
            };
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    // Those who run are not stopped: fewer slots show when some of them have ended.
    private bool IsKnown => _changed is { } changed && (time.GetElapsedTime(changed) < SameEvent || queue.Running > queue.Slots);

    private void Limit(int slots)
    {
        LogLimited(queue.Slots, slots);
        queue.Limit(slots);
        _changed = time.GetTimestamp();
    }

    private async Task RecoverAsync()
    {
        var token = _stop.Token;
        var pause = FirstPause;
        while (!await SpeaksAsync(token) && !token.IsCancellationRequested)
        {
            await Task.Delay(pause, time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }

        lock (_gate)
        {
            (_failures, _quarantined) = (0, false);
        }

        LogReleased();
    }

    private async Task<bool> SpeaksAsync(CancellationToken token)
    {
        try
        {
            await Task.Run(() => check(token), token);
            return true;
        }
        catch (Exception e)
        {
            LogStillFails(e.Message);
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Memory ran out, or there was enough for a while: {Before} speeches at the same time become {After}")]
    private partial void LogLimited(int before, int after);

    [LoggerMessage(2, LogLevel.Error, "{Failures} speeches in a row have failed, the last one with: {Reason}. The device takes nothing new until it has spoken for itself")]
    private partial void LogQuarantined(int failures, string reason);

    [LoggerMessage(3, LogLevel.Error, "The device still does not speak: {Reason}")]
    private partial void LogStillFails(string reason);

    [LoggerMessage(4, LogLevel.Information, "The device has spoken for itself and takes work again")]
    private partial void LogReleased();
}
