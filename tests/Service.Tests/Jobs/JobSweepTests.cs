namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobSweepTests
{
    [Fact]
    public async Task Restart_HalfWrittenOutputsAndOrders_AreRemoved()
    {
        await using var bench = await JobBench.StartAsync();
        var runs = new SemaphoreSlim(0);
        bench.Scripted.Before = (_, _, token) =>
        {
            runs.Release();
            return Task.Delay(Timeout.Infinite, token);
        };
        await bench.SubmitAsync("""["a"]""");
        Assert.True(await runs.WaitAsync(TestService.Patience));
        var partial = Path.Combine(bench.FolderOf("job"), "unfinished", "0");
        await File.WriteAllTextAsync(partial, "half");
        using var order = await bench.OrderAsync("""["b"]""");

        await bench.RestartAsync();

        Assert.True(await runs.WaitAsync(TestService.Patience));
        Assert.False(File.Exists(partial));
        Assert.False(Directory.Exists(order.Folder));
    }

    [Fact]
    public async Task End_LeavesTheOutputsAndNothingElse()
    {
        await using var bench = await JobBench.StartAsync();
        await bench.SubmitAsync("""["a"]""");

        await bench.WhenAsync("job");
        await bench.RestartAsync();

        var names = Directory.EnumerateFileSystemEntries(bench.FolderOf("job")).Select(Path.GetFileName);
        Assert.Equal(["items.jsonl", "job.json", "journal.jsonl", "out"], names.Order());
        Assert.Equal("000001.wav", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(Path.Combine(bench.FolderOf("job"), "out")))));
    }
}
