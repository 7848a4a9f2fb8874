using CosyOrleans.Service.Retention;
using CosyOrleans.Service.Tests.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Retention;

public sealed class DailySweepTests : IAsyncLifetime
{
    private readonly SetTime _time = new() { Now = TimeProvider.System.GetUtcNow() };
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Run_RemovesOnlyWhatIsTemporaryAndOld()
    {
        string[] folders = ["jobs/.new/a", "voices/.new/a", "jobs/job/unfinished.a"];
        string[] files = ["jobs/job/unfinished/a", "cache/unfinished/a"];
        foreach (var age in new[] { 49, 47 })
        {
            foreach (var path in folders)
            {
                var folder = Directory.CreateDirectory(Path.Combine(_bench.Data, $"{path}{age}"));
                folder.LastWriteTimeUtc = (_time.Now - TimeSpan.FromHours(age)).UtcDateTime;
            }

            foreach (var path in files.Append("jobs/job/out/a"))
            {
                Write($"{path}{age}", TimeSpan.FromHours(age));
            }
        }

        Assert.True(await Sweep().RunIfDueAsync(default));

        Assert.All([.. folders, .. files], path => Assert.Equal((false, true), (Exists($"{path}49"), Exists($"{path}47"))));
        Assert.True(Exists("jobs/job/out/a49"));
    }

    [Fact]
    public async Task Run_OnceADay_AlsoOverRestartsAndWithOthers()
    {
        Assert.True(await Sweep().RunIfDueAsync(default));
        _time.Now += TimeSpan.FromHours(23.9);
        Assert.False(await Sweep().RunIfDueAsync(default));

        _time.Now += TimeSpan.FromHours(0.2);
        await using (File.Open(Path.Combine(_bench.Data, ".swept"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.False(await Sweep().RunIfDueAsync(default)); // Another process is at it.
        }

        Assert.True(await Sweep().RunIfDueAsync(default));
        _time.Now -= TimeSpan.FromDays(30); // The clock was set right.
        Assert.True(await Sweep().RunIfDueAsync(default));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(31, true)]
    [InlineData(29, false)]
    public async Task Run_JobsThatEndedLongAgo_AreRemovedWhereAskedFor(int days, bool isKept)
    {
        await _bench.SubmitAsync("""["a"]""");
        var ended = (await _bench.WhenAsync("job")).Finished!.Value;
        _bench.Scripted.Before = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync("""["b"]""", "running");
        _time.Now = ended + TimeSpan.FromDays(30);

        await Sweep(days).RunIfDueAsync(default);

        Assert.Equal(isKept, await _bench.Jobs.FindAsync("job", default) is not null);
        Assert.Equal(isKept, Exists("jobs/job"));
        Assert.NotNull(await _bench.Jobs.FindAsync("running", default));
    }

    private DailySweep Sweep(int days = 0) => new(
        _bench.Data, TimeSpan.FromHours(48), new RetentionOptions { JobDays = days }, _bench.Jobs, _time, NullLogger<DailySweep>.Instance);

    private void Write(string path, TimeSpan age)
    {
        var file = new FileInfo(Path.Combine(_bench.Data, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, "half");
        File.SetLastWriteTimeUtc(file.FullName, (_time.Now - age).UtcDateTime);
    }

    private bool Exists(string path) => Path.Exists(Path.Combine(_bench.Data, path));

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
