using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Service.Tests.Tenants;

public sealed class KeyUsageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TakeRequest_BurstThenEvenly_RetryAfterIsTrue()
    {
        var usage = new KeyUsage();
        var limits = new KeyLimits(RequestsPerMinute: 30);
        Assert.All(Enumerable.Range(0, 30), _ => Assert.Null(usage.TakeRequest(limits, Noon)));

        var refusal = usage.TakeRequest(limits, Noon);

        Assert.Equal(TimeSpan.FromSeconds(2), refusal?.RetryAfter);
        Assert.NotNull(usage.TakeRequest(limits, Noon.AddSeconds(1.9)));
        Assert.Null(usage.TakeRequest(limits, Noon.AddSeconds(2.01)));
        Assert.NotNull(usage.TakeRequest(limits, Noon.AddSeconds(2.01)));
        Assert.NotNull(usage.TakeRequest(limits, Noon.AddHours(-1)));
    }

    [Fact]
    public void BeginSpeech_DayUsedUp_IsRefusedUntilMidnightUtcAndNotAfter()
    {
        var usage = new KeyUsage();
        var limits = new KeyLimits(AudioMinutesPerDay: 2);
        usage.Report("a", new UsageReport(0, UsageReport.DayOf(Noon), 70), Noon);
        usage.Report("b", new UsageReport(0, UsageReport.DayOf(Noon), 50), Noon);

        Assert.Equal(TimeSpan.FromHours(12), usage.BeginSpeech(limits, "a", 1, Noon)?.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(1), usage.BeginSpeech(limits, "a", 1, Noon.AddHours(12).AddSeconds(-1))?.RetryAfter);
        Assert.Null(usage.BeginSpeech(limits, "a", 1, Noon.AddHours(12)));
    }

    [Fact]
    public void Report_Twice_CountsOnce()
    {
        var usage = new KeyUsage();
        for (var i = 0; i < 3; i++)
        {
            usage.Report("a", new UsageReport(1, UsageReport.DayOf(Noon), 59), Noon);
        }

        Assert.Null(usage.BeginSpeech(new KeyLimits(AudioMinutesPerDay: 1, Concurrent: 2), "b", 1, Noon));
    }

    [Fact]
    public void BeginSpeech_ServerThatFellSilent_HasNoneUnderWayButItsSoundCounts()
    {
        var usage = new KeyUsage(TimeSpan.FromSeconds(10));
        usage.Report("a", new UsageReport(5, UsageReport.DayOf(Noon), 60), Noon);

        Assert.Equal(UsageLimit.Concurrent, usage.BeginSpeech(new KeyLimits(Concurrent: 5), "b", 1, Noon.AddSeconds(10))?.Limit);
        Assert.Null(usage.BeginSpeech(new KeyLimits(Concurrent: 5), "b", 1, Noon.AddSeconds(10.1)));
        Assert.Equal(UsageLimit.AudioMinutesPerDay, usage.BeginSpeech(new KeyLimits(AudioMinutesPerDay: 1), "b", 1, Noon.AddSeconds(11))?.Limit);
    }
}
