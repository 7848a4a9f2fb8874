using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Webhooks;

public sealed class JobCallbacksTests
{
    private const string Secret = "0123456789abcdef";

    [Fact]
    public async Task Start_AgainWhileTheEndIsTold_TellsNothingTwice()
    {
        using var receiver = new Receiver();
        using var sender = new WebhookSender(new JobsOptions { PrivateWebhooks = true, PlainWebhooks = true }, TimeProvider.System);
        var folder = Directory.CreateTempSubdirectory("cosy-callbacks-");
        var status = new JobStatus(
            new JobHeader("job", DateTimeOffset.UnixEpoch, 2, 1, ""), JobPhase.Completed, new JobCounts(2, 0, 0, 2, 0), DateTimeOffset.UnixEpoch.AddHours(1), null);
        var ended = new TaskCompletionSource();
        var callbacks = new JobCallbacks(
            folder.FullName,
            new WebhookPlan(receiver.Url, Secret, Items: true),
            sender,
            new JobFeed(0, () => status),
            () => status,
            (from, _) => Task.FromResult<IReadOnlyList<JobEntry>>([.. Enumerable.Range(from, 3 - from).Select(Done)]),
            () =>
            {
                ended.SetResult();
                return Task.CompletedTask;
            },
            run => run(),
            TimeProvider.System,
            NullLogger.Instance);
        receiver.Answer = _ =>
        {
            callbacks.Start(); // As who looks after jobs does when a silo is lost.
            return 204;
        };

        callbacks.Start();
        await ended.Task.WaitAsync(TestService.Patience);

        Assert.Equal(["job/item/1/done", "job/item/2/done", "job/job/3600000"], receiver.Calls.Select(call => call.Id));
        folder.Delete(recursive: true);
    }

    private static JobEntry Done(int number) =>
        new(new JobItem { Number = number, Name = $"{number}.wav", Text = "One.", Seed = 1, Format = AudioFormat.Wav }, new JobItemState(JobItemStatus.Done));
}
