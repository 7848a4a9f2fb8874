namespace CosyOrleans.Service.Tenants;

/// <summary>What this server has seen of one key, and its own opinion of what that allows. Thread-safe.</summary>
/// <param name="server">What this server is called among those that report.</param>
public sealed class OwnUsage(string server)
{
    private readonly Lock _gate = new();
    private readonly KeyUsage _usage = new();
    private UsageReport _report;

    public UsageReport Report(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _report = _report.On(UsageReport.DayOf(now));
        }
    }

    public UsageRefusal? TakeRequest(KeyLimits limits, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _usage.TakeRequest(limits, now);
        }
    }

    public UsageRefusal? BeginSpeech(KeyLimits limits, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_usage.BeginSpeech(limits, server, _report.Running + 1, now) is { } refusal)
            {
                return refusal;
            }

            Change(report => report with { Running = report.Running + 1 }, now);
            return null;
        }
    }

    public UsageRefusal? CheckSound(KeyLimits limits, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _usage.CheckSound(limits, now);
        }
    }

    /// <summary>Counts a speech whether or not it may begin; returns how many are under way with it.</summary>
    public int Reserve(DateTimeOffset now)
    {
        lock (_gate)
        {
            Change(report => report with { Running = report.Running + 1 }, now);
            return _report.Running;
        }
    }

    public void Produced(double seconds, DateTimeOffset now)
    {
        lock (_gate)
        {
            Change(report => report with { Seconds = report.Seconds + seconds }, now);
        }
    }

    public void EndSpeech(DateTimeOffset now)
    {
        lock (_gate)
        {
            Change(report => report with { Running = report.Running - 1 }, now);
        }
    }

    private void Change(Func<UsageReport, UsageReport> change, DateTimeOffset now)
    {
        _report = change(_report.On(UsageReport.DayOf(now)));
        _usage.Report(server, _report, now);
    }
}
