using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Cli.Tests.Cluster;

public sealed class SupervisorTests
{
    [Fact]
    public void NextPause_DiesAgainAndAgain_DoublesUpToHalfAMinute()
    {
        List<double> pauses = [];
        for (var pause = TimeSpan.Zero; pauses.Count < 8; pauses.Add(pause.TotalSeconds))
        {
            pause = Supervisor.NextPause(pause, lived: TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], pauses);
    }

    [Fact]
    public void NextPause_HadLivedLong_BeginsAnew() =>
        Assert.Equal(TimeSpan.FromSeconds(0.5), Supervisor.NextPause(TimeSpan.FromSeconds(30), lived: TimeSpan.FromMinutes(1)));
}
