using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void For_ManyLoops_RunsEveryIndexOnce(int threads)
    {
        using var workers = new Workers(threads);
        for (var loop = 0; loop < 2000; loop++)
        {
            var counts = new int[loop % 17];
            workers.For(counts.Length, i => Interlocked.Increment(ref counts[i]));
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void For_SeveralThreads_TakePart()
    {
        using var workers = new Workers(3);
        using var all = new Barrier(3);
        workers.For(3, _ => all.SignalAndWait()); // each index blocks until three threads have one
    }

    [Fact]
    public void For_Nested_RunsInside()
    {
        using var workers = new Workers(3);
        var counts = new int[6 * 7];
        workers.For(6, i => workers.For(7, j => Interlocked.Increment(ref counts[(i * 7) + j])));
        Assert.All(counts, count => Assert.Equal(1, count));
    }

    [Fact]
    public void For_SeveralCallers_EachGetsTheirOwnLoop()
    {
        using var workers = new Workers(3);
        var callers = Enumerable.Range(0, 4).Select(caller => new Thread(() =>
        {
            for (var loop = 0; loop < 500; loop++)
            {
                var sum = 0;
                workers.For(10, i => Interlocked.Add(ref sum, i));
                Assert.Equal(45, sum);
            }
        })).ToList();
        callers.ForEach(caller => caller.Start());
        callers.ForEach(caller => caller.Join());
    }

    [Fact]
    public void For_BodyThrows_CallerSeesItAndTheNextLoopRuns()
    {
        using var workers = new Workers(3);
        var error = Assert.Throws<InvalidOperationException>(
            () => workers.For(100, i => throw new InvalidOperationException("from a worker")));
        Assert.Equal("from a worker", error.Message);
        var count = 0;
        workers.For(100, _ => Interlocked.Increment(ref count));
        Assert.Equal(100, count);
    }

    [Fact]
    public void For_AfterPause_SleepingThreadsWake()
    {
        using var workers = new Workers(2);
        using var pause = new ManualResetEventSlim();
        for (var loop = 0; loop < 20; loop++)
        {
            pause.Wait(TimeSpan.FromMilliseconds(2)); // longer than a thread watches
            using var both = new Barrier(2);
            workers.For(2, _ => both.SignalAndWait());
        }
    }

    [Fact]
    public void Dispose_Twice_EndsTheThreadsAndRefusesLoops()
    {
        var workers = new Workers(3);
        workers.For(3, _ => { });
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(() => workers.For(3, _ => { }));
    }
}
