using CosyOrleans.Service.Jobs;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobFeedTests
{
    private readonly JobFeed _feed;
    private int _done;
    private JobPhase _phase;

    public JobFeedTests() => _feed = new JobFeed(0, () => new JobStatus(
        new JobHeader("j", default, 10_000, 1, ""), _phase, new JobCounts(10_000, 10_000 - _done, 0, _done, 0), null, null));

    [Fact]
    public async Task Read_SlowReader_GetsTheStateAndGoesOn()
    {
        await using var reader = _feed.ReadAsync(null, default).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((0, 0), (reader.Current.Id, reader.Current.Job.Counts.Done));

        Happen(5000);
        Assert.True(await reader.MoveNextAsync());

        Assert.Equal((5000, 5000), (reader.Current.Id, reader.Current.Job.Counts.Done));
        Assert.Null(reader.Current.Item);
        Happen(1);
        Assert.True(await reader.MoveNextAsync());
        Assert.Equal((5001, 5001), (reader.Current.Id, reader.Current.Item!.Number));
    }

    [Fact]
    public async Task Read_WaitingReader_IsWokenByEachEvent()
    {
        await using var reader = _feed.ReadAsync(0, default).GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);

        Happen(1);

        Assert.True(await next.WaitAsync(TestService.Patience));
        Assert.Equal(1, reader.Current.Id);
    }

    [Fact]
    public async Task Read_JobEnds_GivesTheLastEventAndEnds()
    {
        Happen(2);
        _phase = JobPhase.Completed;
        _feed.Publish(null);

        var ids = await IdsAsync(after: 1);

        Assert.Equal([2, 3], ids);
    }

    [Theory]
    [InlineData(3L)]
    [InlineData(77L)]
    [InlineData(-5L)]
    [InlineData(null)]
    public async Task Read_FromTheEndOrNowhere_OfAJobThatEnded_Ends(long? after)
    {
        Happen(3);
        _phase = JobPhase.Cancelled;

        Assert.InRange((await IdsAsync(after)).Count, 0, 1);
    }

    [Fact]
    public async Task Refresh_ReachesReadersWithoutAnEvent()
    {
        await using var reader = _feed.ReadAsync(null, default).GetAsyncEnumerator();
        await reader.MoveNextAsync();
        var next = reader.MoveNextAsync().AsTask();

        _feed.Refresh();

        Assert.True(await next.WaitAsync(TestService.Patience));
        Assert.Equal(0, reader.Current.Id);
    }

    private void Happen(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _done++;
            _feed.Publish(new JobChange(_done, $"{_done}.wav", JobItemStatus.Done, default));
        }
    }

    private async Task<List<long>> IdsAsync(long? after)
    {
        using var patience = new CancellationTokenSource(TestService.Patience);
        List<long> ids = [];
        await foreach (var happened in _feed.ReadAsync(after, patience.Token))
        {
            ids.Add(happened.Id);
        }

        return ids;
    }
}
