using System.Globalization;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cosy-run-");
    private readonly ScriptedSynthesis _synthesis = new();

    [Fact]
    public async Task Run_ManyItems_ReadsEachShardOnceAndRecordsEachItemOnce()
    {
        const int Items = 100_000;
        var store = new CountingStore(Items);
        // An invalid item writes no file, so that this counts the work of the run alone.
        _synthesis.Before = (_, _, _) => throw ScriptedSynthesis.Error(Service.Errors.SpeechErrorKind.Invalid);

        Assert.True(await Run(store, Items, () => 10).RunAsync(default, default));

        Assert.Equal((JobShards.Count(Items), Items), (store.Reads, store.Records));
        // The shard being begun, and what is under way of the one before.
        Assert.InRange(store.MostAlive, 1, 2 * JobShards.Size);
    }

    [Fact]
    public async Task Run_StoreFails_EndsWithTheReasonAndBeginsNothingMore()
    {
        var store = new CountingStore(1000) { FailAt = 5 };

        var e = await Assert.ThrowsAsync<IOException>(() => Run(store, 1000, () => 1).RunAsync(default, default));

        Assert.Equal("full", e.Message);
        Assert.Equal(5, _synthesis.Attempts.Count);
    }

    [Fact]
    public async Task Run_LimitThatGrows_IsFollowed()
    {
        var limit = 1;
        _synthesis.Before = async (_, _, _) =>
        {
            limit = 7;
            await Task.Yield();
        };

        await Run(new CountingStore(500), 500, () => limit).RunAsync(default, default);

        Assert.InRange(_synthesis.Most, 2, 7);
    }

    [Fact]
    public async Task Run_Aborted_LeavesTheRestPending()
    {
        using var abort = new CancellationTokenSource();
        var store = new CountingStore(1000);
        _synthesis.Before = (text, _, token) => text == "t20" ? Stop(token) : Task.CompletedTask;
        Task Stop(CancellationToken token)
        {
            abort.Cancel();
            return Task.Delay(Timeout.Infinite, token);
        }

        Assert.False(await Run(store, 1000, () => 1).RunAsync(default, abort.Token));

        Assert.Equal(19, store.Records);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public void Delay_OfManyItems_SpreadsByATwentyPercent(int failed, double seconds)
    {
        var error = ScriptedSynthesis.Error(Service.Errors.SpeechErrorKind.Internal);
        var delays = Enumerable.Range(1, 1000).Select(number => JobRetries.Delay(error, failed, number)!.Value.TotalSeconds / seconds).ToList();

        Assert.All(delays, delay => Assert.InRange(delay, 0.8, 1.2));
        Assert.InRange(delays.Average(), 0.97, 1.03);
        Assert.True(delays.Max() - delays.Min() > 0.35);
        Assert.Null(JobRetries.Delay(error, 4, 1));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private JobRun Run(IJobStore store, int items, Func<int> inFlight)
    {
        var outputs = new JobOutputs(_folder.FullName);
        outputs.Begin(default);
        var work = new JobWork("job", _synthesis, new AudioEncoders(new FormatOptions(), TimeProvider.System), outputs, TimeProvider.System, NullLogger<JobWork>.Instance);
        return new JobRun(new JobHeader("job", default, items, 10, ""), store, work, inFlight);
    }

    /// <summary>Counts what a run asks of the place that keeps a job.</summary>
    private sealed class CountingStore(int items) : IJobStore
    {
        private int _records;
        private int _alive;

        public int Reads { get; private set; }

        public int Records => _records;

        public int MostAlive { get; private set; }

        public int FailAt { get; init; } = int.MaxValue;

        public ValueTask<IReadOnlyList<JobEntry>> ReadUnfinishedAsync(int shard, CancellationToken cancellationToken)
        {
            Reads++;
            var first = shard * JobShards.Size + 1;
            var entries = Enumerable.Range(first, Math.Min(JobShards.Size, items - first + 1)).Select(Entry).ToList();
            MostAlive = Math.Max(MostAlive, Interlocked.Add(ref _alive, entries.Count));
            return new(entries);
        }

        public ValueTask<IReadOnlyList<JobEntry>> ReadAllAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RecordAsync(JobChange change)
        {
            Interlocked.Decrement(ref _alive);
            return Interlocked.Increment(ref _records) == FailAt ? Task.FromException(new IOException("full")) : Task.CompletedTask;
        }

        private static JobEntry Entry(int number)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"t{number}");
            return new JobEntry(new JobItem { Number = number, Name = $"{text}.wav", Text = text, Format = AudioFormat.Wav, Seed = 1 }, JobItemState.Fresh);
        }
    }
}
