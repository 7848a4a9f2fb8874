using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Admission;

public sealed class FairnessTests
{
    private readonly SpeechAdmission _admission = new(slots: 1, maxQueued: 1000, maxWaitSeconds: 1e9);

    [Theory]
    [InlineData(SpeechLane.Interactive)]
    [InlineData(SpeechLane.Batch)]
    public void Leave_OneTenantHasAHundredWaiting_AnothersSingleOneIsNext(SpeechLane lane)
    {
        var crowd = Enumerable.Range(0, 101).Select(_ => Enter("many", 10, lane)).ToArray();
        var single = Enter("few", 60, lane);

        Assert.Equal([single], Leave(crowd[0]));
        Assert.Equal([crowd[1]], Leave(single));
    }

    [Fact]
    public void Leave_TwoTenantsWait_TheyTakeTurnsBySeconds()
    {
        var running = Enter("", 1);
        SpeechLoad[] longs = [Enter("a", 30), Enter("a", 30), Enter("a", 30)];
        SpeechLoad[] shorts = [.. Enumerable.Range(0, 9).Select(_ => Enter("b", 10))];

        var order = Order(running, 12);

        Assert.Equal(
            [longs[0], shorts[0], shorts[1], shorts[2], longs[1], shorts[3], shorts[4], shorts[5], longs[2], shorts[6], shorts[7], shorts[8]],
            order);
    }

    [Fact]
    public void Leave_OneTenant_IsServedByArrival()
    {
        var running = Enter("a", 1);
        SpeechLoad[] waiting = [.. new[] { 9.0, 1, 5, 0, 3 }.Select(seconds => Enter("a", seconds))];

        Assert.Equal(waiting, Order(running, 5));
    }

    [Fact]
    public void Leave_TenantThatWasAwayLong_GetsNoMoreThanItsTurns()
    {
        var running = Enter("a", 100);
        for (var i = 0; i < 5; i++)
        {
            var next = Enter("a", 100);
            Assert.Equal([next], Leave(running));
            running = next;
        }

        SpeechLoad[] mine = [Enter("a", 10), Enter("a", 10)];
        SpeechLoad[] late = [.. Enumerable.Range(0, 12).Select(_ => Enter("b", 10))];

        // Those 100 seconds that are being made count, the 500 before do not.
        Assert.Equal([.. late[..10], mine[0], late[10], mine[1], late[11]], Order(running, 14));
    }

    [Fact]
    public void Leave_EverybodyGone_NobodyOwesAnything()
    {
        Leave(Enter("a", 1000));
        var running = Enter("b", 1);
        var a = Enter("a", 1);
        var b = Enter("b", 1);

        Assert.Equal([a, b], Order(running, 2));
    }

    [Fact]
    public void Leave_WhileWaiting_CostsItsTenantNothing()
    {
        var running = Enter("", 1);
        var first = Enter("a", 100);
        var second = Enter("a", 10);
        var other = Enter("b", 20);
        var third = Enter("a", 10);

        Leave(first);

        Assert.Equal([second, other, third], Order(running, 3));
    }

    [Fact]
    public void Enter_Refused_CostsItsTenantNothing()
    {
        var admission = new SpeechAdmission(slots: 1, maxQueued: 2, maxWaitSeconds: 1e9);
        var running = Enter("", 1, admission: admission);
        var mine = Enter("a", 1, admission: admission);
        Enter("b", 5, admission: admission);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AdmissionOutcome.Refused, admission.Enter(new SpeechLoad(50, tenant: "a"), default).Outcome);
        }

        Assert.Equal([mine], admission.Leave(running, default));
        var again = Enter("a", 1, admission: admission);
        Assert.Equal(again, admission.Leave(admission.Leave(mine, default)[0], default).Single());
    }

    [Fact]
    public void Enter_CrowdOfAnother_PredictsNoWaitBehindIt()
    {
        Enter("many", 10);
        for (var i = 0; i < 50; i++)
        {
            Enter("many", 10);
        }

        Assert.Equal(10, _admission.PredictWaitSeconds(default), 6);
    }

    private SpeechLoad Enter(string tenant, double seconds, SpeechLane lane = SpeechLane.Interactive, SpeechAdmission? admission = null)
    {
        var load = new SpeechLoad(seconds, lane, tenant: tenant);
        Assert.NotEqual(AdmissionOutcome.Refused, (admission ?? _admission).Enter(load, default).Outcome);
        return load;
    }

    private IReadOnlyList<SpeechLoad> Leave(SpeechLoad load) => _admission.Leave(load, default);

    private List<SpeechLoad> Order(SpeechLoad running, int count)
    {
        List<SpeechLoad> order = [];
        for (var i = 0; i < count; i++)
        {
            running = Assert.Single(Leave(running));
            order.Add(running);
        }

        return order;
    }
}
