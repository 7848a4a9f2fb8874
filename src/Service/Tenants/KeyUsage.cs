namespace CosyOrleans.Service.Tenants;

/// <summary>How much was asked for with one key, by what one or several servers report. Time is handed in; not thread-safe.</summary>
/// <param name="silence">A server that has said nothing for so long has no speeches under way; null: it is this one, which says everything.</param>
public sealed class KeyUsage(TimeSpan? silence = null)
{
    private static readonly TimeSpan BeforeTryingAgain = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, (UsageReport Report, DateTimeOffset At)> _servers = [];
    private double _spent;
    private DateTimeOffset _counted;

    /// <summary>What each server reported of a day, where it is not nothing.</summary>
    public IEnumerable<(string Server, double Seconds)> SecondsOf(DateOnly day) =>
        _servers.Where(server => server.Value.Report.Day == day && server.Value.Report.Seconds > 0).Select(server => (server.Key, server.Value.Report.Seconds));

    /// <summary>A bucket with as many tokens as there may be requests in a minute, which fills evenly in a minute.</summary>
    public UsageRefusal? TakeRequest(KeyLimits limits, DateTimeOffset now)
    {
        if (limits.RequestsPerMinute is not { } most)
        {
            return null;
        }

        var perSecond = most / 60.0;
        var elapsed = Math.Max(0, (now - _counted).TotalSeconds); // A clock may be put back.
        _spent = Math.Max(0, _spent - (elapsed * perSecond));
        _counted = now;
        if (_spent + 1 > most)
        {
            return new UsageRefusal(UsageLimit.RequestsPerMinute, most, TimeSpan.FromSeconds((_spent + 1 - most) / perSecond));
        }

        _spent++;
        return null;
    }

    /// <summary>Whether any sound of the day is left.</summary>
    public UsageRefusal? CheckSound(KeyLimits limits, DateTimeOffset now)
    {
        var day = UsageReport.DayOf(now);
        if (limits.AudioMinutesPerDay is not { } minutes || SecondsOf(day).Sum(reported => reported.Seconds) < 60.0 * minutes)
        {
            return null;
        }

        var midnight = new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        return new UsageRefusal(UsageLimit.AudioMinutesPerDay, minutes, midnight - now);
    }

    /// <summary>Whether a speech may begin on a server.</summary>
    /// <param name="running">Speeches under way on that server, this one included; they count from then on, until it reports others.</param>
    public UsageRefusal? BeginSpeech(KeyLimits limits, string server, int running, DateTimeOffset now)
    {
        var day = UsageReport.DayOf(now);
        Forget(day, now);
        if (CheckSound(limits, now) is { } usedUp)
        {
            return usedUp;
        }

        if (limits.Concurrent is { } most && running + RunningElsewhere(server, now) > most)
        {
            return new UsageRefusal(UsageLimit.Concurrent, most, BeforeTryingAgain);
        }

        _servers.TryGetValue(server, out var known);
        _servers[server] = (known.Report.On(day) with { Running = running }, now);
        return null;
    }

    public void Report(string server, UsageReport report, DateTimeOffset now) => _servers[server] = (report, now);

    private int RunningElsewhere(string server, DateTimeOffset now) =>
        _servers.Where(other => other.Key != server && !IsSilent(other.Value.At, now)).Sum(other => other.Value.Report.Running);

    private void Forget(DateOnly day, DateTimeOffset now)
    {
        foreach (var (server, (report, at)) in _servers)
        {
            if (report.Day != day && IsSilent(at, now))
            {
                _servers.Remove(server);
            }
        }
    }

    private bool IsSilent(DateTimeOffset at, DateTimeOffset now) => silence is { } limit && now - at > limit;
}
