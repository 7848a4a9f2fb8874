using CosyOrleans.Service.Files;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;

namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Whatever a crash leaves of a journal, the job ends with every output, each the same as without the crash.</summary>
public sealed class JobCrashTests : IAsyncLifetime
{
    private const string Items = """["a","b",{"text":"bad","task_id":"x"},"c"]""";

    private JobBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await JobBench.StartAsync();
        _bench.Scripted.Before = (text, _, _) =>
            text == "bad" ? throw ScriptedSynthesis.Error(Service.Errors.SpeechErrorKind.Invalid) : Task.CompletedTask;
        await _bench.SubmitAsync(Items, inFlight: 1);
        await _bench.WhenAsync("job");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Restart_JournalCutAnywhere_EndsTheSame()
    {
        var (journal, outputs) = await CloseAsync();
        // Around the ends of its lines at every byte; within them what is left is no record, which Parse has a test for.
        foreach (var length in Enumerable.Range(0, journal.Length + 1).Where(length => length % 3 == 0 || journal.AsSpan(Math.Max(0, length - 2)..Math.Min(journal.Length, length + 2)).Contains((byte)'\n')))
        {
            await EndsTheSameAsync(journal[..length], outputs);
        }
    }

    [Fact]
    public async Task Restart_AByteDamagedAnywhere_EndsTheSame()
    {
        var (journal, outputs) = await CloseAsync();
        for (var at = 0; at < journal.Length; at += 3)
        {
            var damaged = journal.ToArray();
            damaged[at] ^= 0x15;
            await EndsTheSameAsync(damaged, outputs);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("\n\n\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\n")]
    [InlineData("{\"item\":1,\"status\":\"done\",\"crc\":\"00000000\"}\n")]
    public async Task Restart_SomethingElseAfterTheJournal_IsCutOff(string tail)
    {
        var (journal, outputs) = await CloseAsync();

        await EndsTheSameAsync([.. journal, .. System.Text.Encoding.UTF8.GetBytes(tail)], outputs);

        await _bench.Jobs.DisposeAsync();
        Assert.Equal(journal, await File.ReadAllBytesAsync(JournalPath));
    }

    [Fact]
    public async Task Restart_OutputWithoutRecord_IsNotMadeAgain()
    {
        var (_, outputs) = await CloseAsync();
        _bench.Scripted.Attempts.Clear();

        await EndsTheSameAsync([], outputs);

        Assert.Equal(["bad"], _bench.Scripted.Attempts.Keys);
    }

    [Fact]
    public async Task Restart_OutputsGone_AreMadeAgainWithTheSameSeeds()
    {
        var (_, outputs) = await CloseAsync();
        Directory.Delete(Path.Combine(_bench.FolderOf("job"), "out"), recursive: true);

        await EndsTheSameAsync([], outputs);
    }

    [Fact]
    public void Parse_LineWithoutItsEnd_IsNothing()
    {
        var line = new JournalRecord { Job = JobPhase.Paused }.ToLine();

        Assert.NotNull(JournalRecord.Parse(line));
        Assert.All(Enumerable.Range(0, line.Length), length => Assert.Null(JournalRecord.Parse(line.AsSpan(0, length))));
    }

    [Fact]
    public async Task Append_DiskFull_SaysSoAndLeavesWhatWasThere()
    {
        // The one file whose every write finds the disk full.
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        await _bench.Jobs.DisposeAsync();
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var e = Assert.Throws<IOException>(() => full.Write("x"u8));
        var error = DurableFiles.NotWritten("OUTPUT_NOT_WRITTEN", "The sound", e);

        Assert.Equal("The sound could not be stored: the disk is full.", error.Message);
        Assert.Contains("Make room", error.Solution);
    }

    private string JournalPath => Path.Combine(_bench.FolderOf("job"), JobJournal.FileName);

    private async Task<(byte[] Journal, Dictionary<string, string> Outputs)> CloseAsync()
    {
        await _bench.Jobs.DisposeAsync();
        return (await File.ReadAllBytesAsync(JournalPath), Outputs());
    }

    private Dictionary<string, string> Outputs() =>
        Directory.GetFiles(Path.Combine(_bench.FolderOf("job"), "out"))
            .ToDictionary(path => Path.GetFileName(path), path => Convert.ToHexString(File.ReadAllBytes(path)));

    private async Task EndsTheSameAsync(byte[] journal, Dictionary<string, string> outputs)
    {
        await _bench.Jobs.DisposeAsync();
        await File.WriteAllBytesAsync(JournalPath, journal);
        await _bench.RestartAsync();
        var status = await _bench.WhenAsync("job");

        Assert.Equal((JobPhase.Completed, new JobCounts(4, 0, 0, 3, 1)), (status.Phase, status.Counts));
        Assert.Equal(outputs, Outputs());
        var items = await _bench.ItemsAsync();
        Assert.Equal([JobItemStatus.Done, JobItemStatus.Done, JobItemStatus.Failed, JobItemStatus.Done], items.Select(item => item.State.Status));
        Assert.Equal("INVALID", items[2].State.Attempts[^1].Code);
    }
}
