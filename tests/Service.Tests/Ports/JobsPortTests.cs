using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Tests.Books;
using CosyOrleans.Service.Tests.Formats;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Tests.Webhooks;
using CosyOrleans.Service.Webhooks;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What every implementation of <see cref="IJobs"/> does.</summary>
public abstract class JobsPortTests : JobsTests
{
    [Fact]
    public async Task Submit_ManyItems_EachHasItsOutputAndState()
    {
        var submission = await SubmitAsync(Many(600), inFlight: 40);
        var status = await WhenAsync();

        Assert.Equal((JobSubmissionOutcome.Created, 600), (submission.Outcome, submission.Job.Header.Items));
        Assert.Equal((JobPhase.Completed, new JobCounts(600, 0, 0, 600, 0)), (status.Phase, status.Counts));
        Assert.NotNull(status.Finished);
        var entries = (await Jobs.ItemsAsync("job", 249, 300, null, default))!;
        Assert.Equal(Enumerable.Range(249, 300), entries.Select(entry => entry.Item.Number));
        Assert.All(entries, entry => Assert.Equal((JobItemStatus.Done, WavHeader.Length + 2), (entry.State.Status, entry.State.Bytes)));
        Assert.Equal(WavHeader.Length + 2, (await OutputAsync("000600.wav")).Length);
        Assert.Equal("job", Assert.Single(await Jobs.ListAsync(default)).Header.Id);
        Assert.All(Scripted.Attempts.Values, attempts => Assert.Equal(1, attempts));
    }

    [Fact]
    public async Task Submit_AgainUnderTheSameId_IsTheSameJobOrAConflict()
    {
        await SubmitAsync("""["a","b"]""");
        var same = await SubmitAsync("""["a",{"text":"b"}]""");
        var other = await SubmitAsync("""["a","c"]""");

        Assert.Equal((JobSubmissionOutcome.Existing, JobSubmissionOutcome.Conflict), (same.Outcome, other.Outcome));
        Assert.Equal(same.Job.Header, other.Job.Header);
        Assert.Equal(2, (await WhenAsync()).Counts.Done);
        Assert.Equal((1, false), (Scripted.Attempts["a"], Scripted.Attempts.ContainsKey("c")));
    }

    [Fact]
    public async Task Job_ThatDoesNotExist_IsNull()
    {
        Assert.Null(await Jobs.FindAsync("none", default));
        Assert.Null(await Jobs.ItemsAsync("none", 1, 1, null, default));
        Assert.Null(await Jobs.EventsAsync("none", null, default));
        Assert.Null(await Jobs.CommandAsync("none", JobCommand.Pause, default));
        Assert.Null(await Jobs.OpenOutputAsync("none", "a.wav", default));
        Assert.Null(await Jobs.OpenOutputAsync("..", "a.wav", default));
        Assert.False(await Jobs.DeleteAsync("none", default));
    }

    [Fact]
    public async Task Events_OfAllItems_HaveRisingIdsAndEndWithTheJob()
    {
        var gate = new TaskCompletionSource();
        Scripted.Before = (_, _, token) => gate.Task.WaitAsync(token);
        await SubmitAsync(Many(5), inFlight: 1);
        var follows = new TaskCompletionSource();
        var reading = ReadAsync(null, follows);
        await follows.Task.WaitAsync(Patience);
        gate.SetResult();

        var events = await reading;
        Assert.Equal(events.Select(happened => happened.Id).Distinct().Order(), events.Select(happened => happened.Id));
        Assert.Equal(5, events.Count(happened => happened.Item?.Status == JobItemStatus.Done));
        Assert.Equal((JobPhase.Completed, 5), (events[^1].Job.Phase, events[^1].Job.Counts.Done));
        Assert.Equal(events.Skip(2).Select(happened => happened.Id), (await ReadAsync(events[1].Id)).Select(happened => happened.Id));
        Assert.Empty(await ReadAsync(events[^1].Id));
    }

    [Fact]
    public async Task Pause_LetsEndWhatHasBegun_ResumeDoesTheRest()
    {
        var gate = new TaskCompletionSource();
        Scripted.Before = (_, _, token) => gate.Task.WaitAsync(token);
        await SubmitAsync(Many(5), inFlight: 2);
        await WhenBegunAsync(2);
        Assert.Equal(2, (await Jobs.ItemsAsync("job", 1, 10, JobItemStatus.Running, default))!.Count);

        Assert.True((await CommandAsync(JobCommand.Pause)).Accepted);
        Assert.True((await CommandAsync(JobCommand.Pause)).Accepted);
        gate.SetResult();
        var paused = await WhenAsync(job => job.Counts is { Done: 2, Running: 0 });

        Assert.Equal((JobPhase.Paused, 2), (paused.Phase, Scripted.Attempts.Count));
        Assert.False((await CommandAsync(JobCommand.Retry)).Accepted);
        Assert.True((await CommandAsync(JobCommand.Resume)).Accepted);
        Assert.Equal((JobPhase.Completed, 5), await EndAsync());
        Assert.False((await CommandAsync(JobCommand.Cancel)).Accepted);
        Assert.All(Scripted.Attempts.Values, attempts => Assert.Equal(1, attempts));
    }

    [Fact]
    public async Task Cancel_EveryItemIsDoneOrFailed_RetryDoesThoseThatAreNotDone()
    {
        Scripted.Before = (text, _, token) => text == "t1" ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await SubmitAsync(Many(600), inFlight: 2);
        await WhenAsync(job => job.Counts.Done == 1);

        var reply = await CommandAsync(JobCommand.Cancel);

        Assert.Equal((true, JobPhase.Cancelled, new JobCounts(600, 0, 0, 1, 599)), (reply.Accepted, reply.Job.Phase, reply.Job.Counts));
        var failed = (await Jobs.ItemsAsync("job", 1, 1000, JobItemStatus.Failed, default))!;
        Assert.Equal(599, failed.Count);
        Assert.All(failed, entry => Assert.Equal("JOB_CANCELLED", entry.State.Attempts[^1].Code));
        Assert.False((await CommandAsync(JobCommand.Resume)).Accepted);
        Scripted.Before = (_, _, _) => Task.CompletedTask;

        Assert.True((await CommandAsync(JobCommand.Retry)).Accepted);

        Assert.Equal((JobPhase.Completed, 600), await EndAsync());
        Assert.Equal(1, Scripted.Attempts["t1"]);
    }

    [Fact]
    public async Task Item_ThatFails_HasItsAttemptsLoggedAndIsRetriedOnCommand()
    {
        Scripted.Before = (text, before, _) =>
            text == "bad" || (text == "weak" && before < 2) ? throw ScriptedSynthesis.Error(SpeechErrorKind.Internal) : Task.CompletedTask;

        await SubmitAsync("""["good","bad","weak"]""");
        var status = await WhenAsync();

        Assert.Equal((JobPhase.Completed, new JobCounts(3, 0, 0, 2, 1)), (status.Phase, status.Counts));
        var entries = (await Jobs.ItemsAsync("job", 1, 10, null, default))!;
        Assert.Equal([0, 4, 2], entries.Select(entry => entry.State.Attempts.Count));
        Assert.Equal(("INTERNAL", "It is Internal."), (entries[1].State.Attempts[^1].Code, entries[1].State.Attempts[^1].Message));
        Assert.Equal("bad", Assert.Single((await Jobs.ItemsAsync("job", 1, 10, JobItemStatus.Failed, default))!).Item.Text);

        Scripted.Before = (_, _, _) => Task.CompletedTask;
        Assert.True((await CommandAsync(JobCommand.Retry)).Accepted);

        Assert.Equal((JobPhase.Completed, 3), await EndAsync());
        Assert.Equal(4, (await Jobs.ItemsAsync("job", 2, 1, null, default))![0].State.Attempts.Count);
        Assert.Equal((1, 5), (Scripted.Attempts["good"], Scripted.Attempts["bad"]));
    }

    [Fact]
    public async Task Delete_WhileRunning_LeavesNothing()
    {
        Scripted.Before = (text, _, token) => text == "t1" ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await SubmitAsync(Many(300), inFlight: 3);
        await WhenAsync(job => job.Counts.Done == 1);

        Assert.True(await Jobs.DeleteAsync("job", default));

        Assert.Null(await Jobs.FindAsync("job", default));
        Assert.Empty(await Jobs.ListAsync(default));
        Assert.Null(await Jobs.OpenOutputAsync("job", "000001.wav", default));
        Assert.False(Directory.Exists(Path.Combine(Data, "jobs", "job")));
        Assert.False(await Jobs.DeleteAsync("job", default));
        Scripted.Before = (_, _, _) => Task.CompletedTask;
        Assert.Equal(JobSubmissionOutcome.Created, (await SubmitAsync(Many(2))).Outcome);
        Assert.Equal((JobPhase.Completed, 2), await EndAsync());
    }

    [Fact]
    public Task Assembly_OfABook_HasItsChaptersSubtitlesAndEverySample() => AssembleAsync("wav");

    [FfmpegTheory]
    [InlineData("flac")]
    [InlineData("m4b")]
    public Task Assembly_OfABookByFfmpeg_HasItsChaptersCoverAndSubtitles(string format) => AssembleAsync(format);

    private async Task AssembleAsync(string format)
    {
        await SubmitAsync(new TestBook().Write(), JobInput.Epub, new JobDefaults { Id = "job", Assembly = format, Pause = 0.25 });
        var status = await WhenAsync();

        Assert.Equal((AssemblyStatus.Done, 3), (status.Assembly!.Status, status.Assembly.Chapters));
        // Items of one sample; 0.25 s before each but the first, three times as long before a chapter.
        Assert.Equal(4 + (0.25 * 24000) + (2 * 0.75 * 24000), status.Assembly.Seconds!.Value * 24000, 3);
        var sound = await AssemblyAsync(AssemblyPart.Sound);
        Assert.Equal(status.Assembly.Bytes, sound.Length);
        await AssertAssembly.IsBookAsync(format, sound, Path.Combine(Data, "whole"), (await Jobs.ItemsAsync("job", 1, 9, null, default))!.Select(entry => (short)entry.Item.Seed));
        Assert.Equal(
            "1\n00:00:00,000 --> 00:00:00,000\nThe Sea\n\n2\n00:00:00,250 --> 00:00:00,250\nIt was calm. Nobody spoke. Mr. Ray slept.\n\n"
            + "3\n00:00:01,000 --> 00:00:01,000\nWind — and 海。浪。\n\n4\n00:00:01,750 --> 00:00:01,750\nThen it ended.\n\n",
            Encoding.UTF8.GetString(await AssemblyAsync(AssemblyPart.Srt)));
        Assert.StartsWith("WEBVTT\n\nNOTE AI-generated speech\n\n00:00:00.000 --> ", Encoding.UTF8.GetString(await AssemblyAsync(AssemblyPart.Vtt)));
    }

    [Fact]
    public async Task Assembly_WithAFailedItem_IsNotMadeUntilItIsRetried()
    {
        Scripted.Before = (text, _, _) => text == "two" ? throw ScriptedSynthesis.Error(SpeechErrorKind.Invalid) : Task.CompletedTask;
        await SubmitAsync("""{"items":["one","two"],"assembly":"wav"}""");
        var failed = await WhenAsync();

        Assert.Equal((JobPhase.Completed, AssemblyStatus.Failed, "ASSEMBLY_INCOMPLETE"), (failed.Phase, failed.Assembly!.Status, failed.Assembly.Code));
        Assert.Contains("1 of 2 items failed", failed.Assembly.Message);
        Assert.Null(await Jobs.OpenAssemblyAsync("job", AssemblyPart.Sound, default));
        Scripted.Before = (_, _, _) => Task.CompletedTask;
        Assert.True((await CommandAsync(JobCommand.Retry)).Accepted);
        Assert.Equal(AssemblyStatus.Done, (await WhenAsync()).Assembly!.Status);
        Assert.Null((await WhenAsync()).Assembly!.Code);
    }

    [Fact]
    public async Task Webhook_OfItems_TellsEachInOrderAndThenTheJobSigned()
    {
        using var receiver = new Receiver { Answer = before => before is 1 or 2 ? 500 : 204 };
        Scripted.Before = (text, _, _) => text == "bad" ? throw ScriptedSynthesis.Error(SpeechErrorKind.Invalid) : Task.CompletedTask;

        await SubmitAsync($$"""{"items":["a","bad","c"],"webhook":"{{receiver.Url}}","webhook_secret":"a secret of ours","webhook_events":"items"}""");
        await receiver.WhenAsync(6);
        var calls = receiver.Calls.ToList();

        Assert.Equal(["item/1/done", "item/2/failed", "item/2/failed", "item/2/failed", "item/3/done"], calls.Take(5).Select(call => call.Id["job/".Length..]));
        Assert.All(calls, call => Assert.Equal("job", JsonDocument.Parse(call.Body).RootElement.GetProperty("job").GetProperty("id").GetString()));
        Assert.All(calls, call => Assert.Equal(WebhookSignature.Of("a secret of ours", call.Timestamp, call.Body), call.Signature));
        var failed = JsonDocument.Parse(calls[3].Body).RootElement.GetProperty("item");
        Assert.Equal(("failed", "INVALID"), (failed.GetProperty("status").GetString(), failed.GetProperty("error").GetString()));
        var job = JsonDocument.Parse(calls[5].Body).RootElement;
        Assert.Equal(("job", "completed", 2), (job.GetProperty("event").GetString(), job.GetProperty("job").GetProperty("status").GetString(), job.GetProperty("job").GetProperty("done").GetInt32()));
    }

    private async Task<byte[]> AssemblyAsync(AssemblyPart part)
    {
        await using var file = (await Jobs.OpenAssemblyAsync("job", part, default))!;
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task<List<JobEvent>> ReadAsync(long? after, TaskCompletionSource? follows = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        List<JobEvent> events = [];
        await foreach (var happened in (await Jobs.EventsAsync("job", after, patience.Token))!)
        {
            events.Add(happened);
            follows?.TrySetResult();
        }

        return events;
    }

    private async Task<JobReply> CommandAsync(JobCommand command) => (await Jobs.CommandAsync("job", command, default))!;

    private async Task<(JobPhase, int)> EndAsync()
    {
        var status = await WhenAsync();
        return (status.Phase, status.Counts.Done);
    }
}
