namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobSweepTests
{
    [Fact]
    public async Task Restart_HalfWrittenOutputsAndOrders_AreRemoved()
    {
        await using var bench = await JobBench.StartAsync();
        bench.Scripted.Before = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        await bench.SubmitAsync("""["a"]""");
        var partial = Path.Combine(bench.FolderOf("job"), "out", ".000001.wav.0.partial");
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        await File.WriteAllTextAsync(partial, "half");
        using var order = await bench.OrderAsync("""["b"]""");

        await bench.RestartAsync();

        Assert.False(File.Exists(partial));
        Assert.False(Directory.Exists(order.Folder));
    }

    [Fact]
    public async Task Sweep_RemovesOnlyWhatIsOld()
    {
        await using var bench = await JobBench.StartAsync();
        using var old = await bench.OrderAsync("""["a"]""");
        using var recent = await bench.OrderAsync("""["b"]""");
        // The bench's clock stands at 1970.
        Directory.SetLastWriteTimeUtc(old.Folder, DateTime.UnixEpoch.AddHours(-49));
        Directory.SetLastWriteTimeUtc(recent.Folder, DateTime.UnixEpoch.AddHours(-47));

        await bench.Jobs.SweepAsync(TimeSpan.FromHours(48), default);

        Assert.False(Directory.Exists(old.Folder));
        Assert.True(Directory.Exists(recent.Folder));
    }
}
