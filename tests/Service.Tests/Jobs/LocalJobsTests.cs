using System.Globalization;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class LocalJobsTests : IAsyncLifetime
{
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Submit_RealSpeech_EachOutputIsTheSpeechOfItsItem()
    {
        await using var service = await TestService.StartAsync();
        await _bench.RestartAsync(service.Synthesis);

        await _bench.SubmitAsync(
            """[{"text":"One two.","seed":5}, {"text":"Three.","voice":"ben","seed":6,"format":"pcm","task_id":"third"}]""");
        var status = await _bench.WhenAsync("job");

        Assert.Equal((JobPhase.Completed, new JobCounts(2, 0, 0, 2, 0)), (status.Phase, status.Counts));
        var wav = await File.ReadAllBytesAsync(Path.Combine(_bench.FolderOf("job"), "out", "000001.wav"));
        var first = service.Model.Expected("One two.", "amy", 5, streaming: false);
        Assert.Equal(WavHeader.Of(24000, first.Length), wav[..WavHeader.Length]);
        Assert.Equal(Bytes(first), wav[WavHeader.Length..]);
        Assert.Equal(
            Bytes(service.Model.Expected("Three.", "ben", 6, streaming: false)),
            await File.ReadAllBytesAsync(Path.Combine(_bench.FolderOf("job"), "out", "third.pcm")));
        Assert.Equal([4800L + WavHeader.Length, 4800L], (await _bench.ItemsAsync()).Select(entry => entry.State.Bytes!.Value - (entry.Item.Number == 1 ? 4800 : 0)));
        Assert.Empty(Directory.GetFiles(Path.Combine(_bench.FolderOf("job"), "out"), ".*"));
    }

    [Fact]
    public async Task Cancel_AnItemThatEndsBeforeAnythingElseKnows_IsNoFailure()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _bench.Scripted.Before = async (_, _, token) =>
        {
            var stopped = new TaskCompletionSource(); // What waits for it goes on inside of whoever cancels.
            await using var registration = token.Register(() => stopped.TrySetCanceled(token));
            begun.SetResult();
            await stopped.Task;
        };
        await _bench.SubmitAsync("""["a"]""");
        await begun.Task.WaitAsync(TestService.Patience);
        List<string?> problems = [];
        var following = _bench.WhenAsync("job", job =>
        {
            problems.Add(job.Problem);
            return false;
        });

        await _bench.Jobs.CommandAsync("job", JobCommand.Cancel, default);

        Assert.Equal(JobPhase.Cancelled, (await following).Phase);
        Assert.All(problems, Assert.Null);
    }

    [Fact]
    public async Task Item_ThatFailsTwice_IsTriedAfterOneAndTwoSeconds()
    {
        _bench.Scripted.Before = (_, before, _) => before < 2 ? throw ScriptedSynthesis.Error(SpeechErrorKind.Internal) : Task.CompletedTask;

        await _bench.SubmitAsync("""["a"]""");
        var waits = new[] { await _bench.Time.NextAsync(), await _bench.Time.NextAsync() };
        var status = await _bench.WhenAsync("job");

        Assert.InRange(waits[0].TotalSeconds, 0.8, 1.2);
        Assert.InRange(waits[1].TotalSeconds, 1.6, 2.4);
        Assert.Equal(1, status.Counts.Done);
        var state = Assert.Single(await _bench.ItemsAsync()).State;
        Assert.Equal(["INTERNAL", "INTERNAL"], state.Attempts.Select(attempt => attempt.Code));
        Assert.True(state.Attempts[1].At > state.Attempts[0].At);
    }

    [Fact]
    public async Task Item_ThatAlwaysFails_FailsAfterThreeRetriesWithItsReason()
    {
        _bench.Scripted.Before = (text, _, _) => text == "bad" ? throw ScriptedSynthesis.Error(SpeechErrorKind.Internal) : Task.CompletedTask;

        await _bench.SubmitAsync("""["good","bad"]""");
        for (var i = 0; i < 3; i++)
        {
            await _bench.Time.NextAsync();
        }

        var status = await _bench.WhenAsync("job");

        Assert.Equal((JobPhase.Completed, new JobCounts(2, 0, 0, 1, 1)), (status.Phase, status.Counts));
        Assert.Equal(4, _bench.Scripted.Attempts["bad"]);
        var failed = Assert.Single(await _bench.ItemsAsync(status: JobItemStatus.Failed));
        Assert.Equal(4, failed.State.Attempts.Count);
        Assert.Equal("It is Internal.", failed.State.Attempts[^1].Message);
    }

    [Fact]
    public async Task Item_ThatIsInvalid_IsNotTriedAgain()
    {
        _bench.Scripted.Before = (_, _, _) => throw ScriptedSynthesis.Error(SpeechErrorKind.Invalid);

        await _bench.SubmitAsync("""["a"]""");

        Assert.Equal(1, (await _bench.WhenAsync("job")).Counts.Failed);
        Assert.Equal(1, _bench.Scripted.Attempts["a"]);
    }

    [Fact]
    public async Task Item_ThatFindsNoPlace_WaitsAsLongAsItIsToldWithoutSpendingAttempts()
    {
        _bench.Scripted.Before = (_, before, _) =>
            before < 10 ? throw ScriptedSynthesis.Error(SpeechErrorKind.Busy, TimeSpan.FromSeconds(7)) : Task.CompletedTask;

        await _bench.SubmitAsync("""["a"]""");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), await _bench.Time.NextAsync());
        }

        Assert.Equal(1, (await _bench.WhenAsync("job")).Counts.Done);
        Assert.Empty(Assert.Single(await _bench.ItemsAsync()).State.Attempts);
    }

    [Fact]
    public async Task Run_ManyItems_NeverMoreUnderWayThanAllowed()
    {
        _bench.Scripted.Before = async (_, _, _) => await Task.Yield();

        await _bench.SubmitAsync(Many(700), inFlight: 3);

        Assert.Equal(700, (await _bench.WhenAsync("job")).Counts.Done);
        Assert.InRange(_bench.Scripted.Most, 1, 3);
        Assert.Equal(700, Directory.GetFiles(Path.Combine(_bench.FolderOf("job"), "out")).Length);
    }

    [Fact]
    public async Task Run_TenByDefault_AllUnderWayAtOnce()
    {
        var gate = new TaskCompletionSource();
        _bench.Scripted.Before = (_, _, token) => gate.Task.WaitAsync(token);

        await _bench.SubmitAsync(Many(11));
        await WhenBegunAsync(10);

        Assert.Equal(new JobCounts(11, 1, 10, 0, 0), (await _bench.Jobs.FindAsync("job", default))!.Counts);
        Assert.Equal(10, (await _bench.ItemsAsync(status: JobItemStatus.Running)).Count);
        gate.SetResult();
        Assert.Equal(11, (await _bench.WhenAsync("job")).Counts.Done);
        Assert.Equal(10, _bench.Scripted.Most);
    }

    [Fact]
    public async Task Pause_LetsEndWhatHasBegun_ResumeDoesTheRest()
    {
        var gate = new TaskCompletionSource();
        _bench.Scripted.Before = (_, _, token) => gate.Task.WaitAsync(token);
        await _bench.SubmitAsync(Many(5), inFlight: 2);
        await WhenBegunAsync(2);

        Assert.True((await CommandAsync(JobCommand.Pause)).Accepted);
        gate.SetResult();
        var paused = await _bench.WhenAsync("job", job => job.Counts is { Done: 2, Running: 0 });

        Assert.Equal(JobPhase.Paused, paused.Phase);
        Assert.Equal(2, _bench.Scripted.Attempts.Count);
        Assert.False((await CommandAsync(JobCommand.Retry)).Accepted);
        Assert.True((await CommandAsync(JobCommand.Resume)).Accepted);
        Assert.Equal((JobPhase.Completed, 5), await EndAsync());
    }

    [Fact]
    public async Task Cancel_AfterPauseAndResume_EndsAlsoWhatHadBegunBefore()
    {
        _bench.Scripted.Before = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync(Many(3), inFlight: 1);
        await WhenBegunAsync(1);
        await CommandAsync(JobCommand.Pause);
        await CommandAsync(JobCommand.Resume);

        var reply = await CommandAsync(JobCommand.Cancel).WaitAsync(TestService.Patience);

        Assert.Equal(new JobCounts(3, 0, 0, 0, 3), reply.Job.Counts);
    }

    [Fact]
    public async Task Pause_WhileAnItemWaitsForItsNextAttempt_LeavesItPendingWithItsTries()
    {
        _bench.Scripted.Before = (_, before, _) => before < 4 ? throw ScriptedSynthesis.Error(SpeechErrorKind.Internal) : Task.CompletedTask;
        await _bench.SubmitAsync("""["a"]""");
        await _bench.Time.NextAsync();
        await _bench.WhenAsync("job", _ => _bench.Scripted.Attempts["a"] == 2);
        await CommandAsync(JobCommand.Pause);
        await _bench.WhenAsync("job", job => job is { Phase: JobPhase.Paused });

        await _bench.RestartAsync();
        Assert.Equal(2, Assert.Single(await _bench.ItemsAsync()).State.Tries);
        await CommandAsync(JobCommand.Resume);
        await _bench.Time.NextAsync();

        Assert.Equal(1, (await _bench.WhenAsync("job")).Counts.Failed);
        Assert.Equal(4, _bench.Scripted.Attempts["a"]);
    }

    [Fact]
    public async Task Pause_SurvivesARestart()
    {
        _bench.Scripted.Before = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync(Many(3), inFlight: 1);
        await CommandAsync(JobCommand.Pause);

        _bench.Scripted.Before = (_, _, _) => Task.CompletedTask;
        await _bench.RestartAsync();

        Assert.Equal(JobPhase.Paused, (await _bench.Jobs.FindAsync("job", default))!.Phase);
        await CommandAsync(JobCommand.Resume);
        Assert.Equal((JobPhase.Completed, 3), await EndAsync());
    }

    [Fact]
    public async Task Cancel_EveryItemIsDoneOrFailed_RetryDoesThoseThatAreNotDone()
    {
        _bench.Scripted.Before = (text, _, token) => text == "t1" ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync(Many(5), inFlight: 2);
        await _bench.WhenAsync("job", job => job.Counts.Done == 1);

        var reply = await CommandAsync(JobCommand.Cancel);

        Assert.Equal((true, JobPhase.Cancelled, new JobCounts(5, 0, 0, 1, 4)), (reply.Accepted, reply.Job.Phase, reply.Job.Counts));
        Assert.All(await _bench.ItemsAsync(status: JobItemStatus.Failed), entry => Assert.Equal("JOB_CANCELLED", entry.State.Attempts[^1].Code));
        Assert.False((await CommandAsync(JobCommand.Resume)).Accepted);
        _bench.Scripted.Before = (_, _, _) => Task.CompletedTask;
        await _bench.RestartAsync();
        Assert.Equal(4, (await _bench.Jobs.FindAsync("job", default))!.Counts.Failed);

        Assert.True((await CommandAsync(JobCommand.Retry)).Accepted);

        Assert.Equal((JobPhase.Completed, 5), await EndAsync());
        Assert.Equal(1, _bench.Scripted.Attempts["t1"]);
    }

    [Fact]
    public async Task Restart_InTheMiddle_DoesOnlyTheRest()
    {
        _bench.Scripted.Before = (text, _, token) => text is "t1" or "t2" ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync(Many(4), inFlight: 4);
        await _bench.WhenAsync("job", job => job.Counts.Done == 2);

        _bench.Scripted.Before = (_, _, _) => Task.CompletedTask;
        await _bench.RestartAsync();

        Assert.Equal((JobPhase.Completed, 4), await EndAsync());
        Assert.Equal((1, 1), (_bench.Scripted.Attempts["t1"], _bench.Scripted.Attempts["t2"]));
    }

    [Fact]
    public async Task Submit_SameIdAgain_SameItemsAreTheSameJobAndOthersAConflict()
    {
        var first = await _bench.SubmitAsync("""["a","b"]""");
        var same = await _bench.SubmitAsync("""[ "a", {"text":"b"} ]""");
        var other = await _bench.SubmitAsync("""["a","c"]""");

        Assert.Equal(
            [JobSubmissionOutcome.Created, JobSubmissionOutcome.Existing, JobSubmissionOutcome.Conflict],
            [first.Outcome, same.Outcome, other.Outcome]);
        Assert.Equal(first.Job.Header, same.Job.Header);
        await _bench.WhenAsync("job");
        Assert.Equal(1, _bench.Scripted.Attempts["a"]);
        Assert.Empty(Directory.GetDirectories(Path.Combine(_bench.Data, "jobs", ".new")));
    }

    [Fact]
    public async Task Output_ThatCannotBeWritten_FailsTheItemWithTheReason()
    {
        _bench.Scripted.Before = (_, _, _) =>
        {
            // A file where the folder should be: whoever runs the tests, root too, cannot write below it.
            var unfinished = Path.Combine(_bench.FolderOf("job"), "unfinished");
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished);
                File.WriteAllText(unfinished, "");
            }

            return Task.CompletedTask;
        };

        await _bench.SubmitAsync("""["a"]""");
        for (var i = 0; i < 3; i++)
        {
            await _bench.Time.NextAsync();
        }

        Assert.Equal(1, (await _bench.WhenAsync("job")).Counts.Failed);
        var reason = Assert.Single(await _bench.ItemsAsync()).State.Attempts[^1];
        Assert.Equal("OUTPUT_NOT_WRITTEN", reason.Code);
        Assert.DoesNotContain(_bench.Data, reason.Message);
    }

    [Fact]
    public async Task Delete_WhileRunning_LeavesNothing()
    {
        _bench.Scripted.Before = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        await _bench.SubmitAsync(Many(3));
        await WhenBegunAsync(3);

        Assert.True(await _bench.Jobs.DeleteAsync("job", default));

        Assert.False(Directory.Exists(_bench.FolderOf("job")));
        Assert.Null(await _bench.Jobs.FindAsync("job", default));
        Assert.False(await _bench.Jobs.DeleteAsync("job", default));
    }

    [Fact]
    public async Task Start_FolderInUse_SaysSo()
    {
        await using var second = new LocalJobs(_bench.Data, _bench.Scripted, TimeProvider.System, NullLoggerFactory.Instance);

        var e = await Assert.ThrowsAsync<SpeechException>(() => second.StartAsync(goOn: true, default));

        Assert.Equal("DATA_IN_USE", e.Code);
        Assert.Contains("--data", e.Solution);
    }

    [Fact]
    public async Task Events_FromAnId_GoOnAfterIt()
    {
        await _bench.SubmitAsync(Many(3), inFlight: 1);
        await _bench.WhenAsync("job");

        var ids = new List<long>();
        await foreach (var happened in (await _bench.Jobs.EventsAsync("job", 1, default))!)
        {
            ids.Add(happened.Id);
        }

        Assert.Equal([2, 3, 4], ids);
    }

    [Theory]
    [InlineData("../job")]
    [InlineData("..")]
    [InlineData(".lock")]
    [InlineData("job/../../x")]
    [InlineData("/etc/passwd")]
    public async Task OpenOutput_NameThatIsNone_IsNull(string name)
    {
        await _bench.SubmitAsync("""["a"]""");
        await _bench.WhenAsync("job");

        Assert.Null(await _bench.Jobs.OpenOutputAsync("job", name, default));
    }

    private static string Many(int count) =>
        $"[{string.Join(',', Enumerable.Range(1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"\"t{n}\"")))}]";

    private static byte[] Bytes(short[] samples) => [.. samples.SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) })];

    private async Task<JobReply> CommandAsync(JobCommand command) => (await _bench.Jobs.CommandAsync("job", command, default))!;

    private async Task<(JobPhase, int)> EndAsync()
    {
        var status = await _bench.WhenAsync("job", job => job.Phase is JobPhase.Completed);
        return (status.Phase, status.Counts.Done);
    }

    private async Task WhenBegunAsync(int texts)
    {
        using var patience = new CancellationTokenSource(TestService.Patience);
        while (_bench.Scripted.Attempts.Count < texts)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
