using CosyOrleans.Client;

namespace CosyOrleans.Frontend.Tests.Client;

public sealed class RetryPlanTests
{
    private static readonly Uri Server = new("http://127.0.0.1:8080");
    private static readonly SpeechClientException Slow = SpeechClientException.TooSlow(Server, SpeechStage.Connect, TimeSpan.FromMilliseconds(100));
    private static readonly SpeechClientException Busy = new("SERVER_BUSY", "", "") { IsWorthRetrying = true };

    [Fact]
    public void Next_ServersThatAreTheTrouble_AreLeftAtOnceThenWaitedFor()
    {
        var plan = new RetryPlan(3, first: 2, new Random(1));
        List<(int Server, double? Wait)> asked = [(plan.Server, null)];
        while (plan.Next(Slow) is { } wait)
        {
            asked.Add((plan.Server, wait.TotalSeconds));
        }

        Assert.Equal([2, 0, 1, 2, 0, 1], asked.Select(next => next.Server));
        Assert.Equal([0, 0], asked[1..3].Select(next => next.Wait!.Value));
        AssertWaits(asked[3..].Select(next => next.Wait!.Value));
    }

    [Fact]
    public void Next_BusyServers_AreNotRushedAt()
    {
        var plan = new RetryPlan(2, first: 0, new Random(1));

        AssertWaits(Enumerable.Range(0, 3).Select(_ => plan.Next(Busy)!.Value.TotalSeconds));
        Assert.Null(plan.Next(Busy));
    }

    [Fact]
    public void Next_OnlyServerSaysWhen_IsWaitedForAsLong()
    {
        var after = TimeSpan.FromSeconds(9);
        var failure = new SpeechClientException("SERVER_BUSY", "", "") { IsWorthRetrying = true, RetryAfter = after };

        Assert.Equal(after, new RetryPlan(1, 0, new Random(1)).Next(failure));
    }

    [Fact]
    public void Next_WrongRequest_IsGivenUp() =>
        Assert.Null(new RetryPlan(3, 0, new Random(1)).Next(new SpeechClientException("TEXT_EMPTY", "", "")));

    // 1, 2 and 4 s, each ± 20 %.
    private static void AssertWaits(IEnumerable<double> seconds) => Assert.Collection(
        seconds,
        first => Assert.InRange(first, 0.8, 1.2),
        second => Assert.InRange(second, 1.6, 2.4),
        third => Assert.InRange(third, 3.2, 4.8));
}
