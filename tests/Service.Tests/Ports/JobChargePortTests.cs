using System.Collections.Concurrent;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tenants;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>What jobs speak is charged to the key that ordered them, wherever they are spoken.</summary>
public abstract class JobChargePortTests : JobsTests
{
    private ApiKey? _key;

    private protected KeyFile Keys => new(Data, TimeProvider.System);

    private protected ISynthesis Synthesis { get; } = new ThirdsOfMinutes();

    private protected override IJobs Jobs => new TenantJobs(All, new TenantScope("acme"), _key);

    /// <summary>The jobs of everybody.</summary>
    private protected abstract IJobs All { get; }

    /// <summary>What the frontend knows of keys.</summary>
    private protected abstract IUsage Usage { get; }

    public override async Task InitializeAsync()
    {
        await Keys.CreateAsync("acme", null, new KeyLimits(AudioMinutesPerDay: 1), default);
        _key = Keys.Read().Single();
        await StartAsync();
    }

    /// <summary>When there is a key.</summary>
    private protected abstract Task StartAsync();

    [Fact]
    public async Task Job_WhenTheDayIsUsedUp_WaitsAndSaysSo()
    {
        await SubmitAsync("""["a","b","c","d","e"]""", inFlight: 1);

        var job = await WhenWaitingAsync("job");

        Assert.Equal((JobPhase.Running, 3, 0), (job.Phase, job.Counts.Done, job.Counts.Failed));
        Assert.Contains("midnight UTC", job.Waiting, StringComparison.Ordinal);
        var waiting = (await Jobs.ItemsAsync("job", 4, 2, null, default))!;
        Assert.All(waiting, item => Assert.Empty(item.State.Attempts)); // Waiting is no attempt that failed.
        await EventuallyAsync(async () => (await Usage.CheckSoundAsync(_key!, default))?.Limit == UsageLimit.AudioMinutesPerDay);
        Assert.NotNull(await Usage.BeginSpeechAsync(_key!, default)); // Live speech knows as well.
        Assert.True((await Jobs.CommandAsync("job", JobCommand.Cancel, default))!.Accepted);
        Assert.Null((await Jobs.FindAsync("job", default))!.Waiting);
    }

    [Fact]
    public async Task Job_WithAttemptsThatFail_IsChargedForItsOutputsAlone()
    {
        await SubmitAsync("""["a fails","b fails","c fails","d fails"]""", inFlight: 1);

        Assert.Equal(3, (await WhenWaitingAsync("job")).Counts.Done); // With the attempts it would have been two.
    }

    [Fact]
    public async Task Job_OrderedAgain_IsNotChargedAgain()
    {
        await SubmitAsync("""["a","b"]""");
        await WhenAsync();
        await SubmitAsync("""["a","b"]"""); // The same again is the same job.
        await SubmitAsync("""["c","d"]""", "other", inFlight: 1);

        Assert.Equal(1, (await WhenWaitingAsync("other")).Counts.Done);
    }

    [Fact]
    public async Task Job_WithoutAKey_IsChargedToNobody()
    {
        _key = null;
        await SubmitAsync("""["a","b","c","d","e"]""");
        Assert.Equal(5, (await WhenAsync()).Counts.Done);
    }

    private async Task<JobStatus> WhenWaitingAsync(string id)
    {
        JobStatus? job = null;
        await EventuallyAsync(async () => (job = await Jobs.FindAsync(id, default)) is { Waiting: not null, Counts.Running: > 0 });
        return job!;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await reached())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    /// <summary>Speaks 20 s; where a text says so it fails at first, after 15.</summary>
    private sealed class ThirdsOfMinutes : ISynthesis
    {
        private const int Rate = 8000;
        private readonly ConcurrentDictionary<string, int> _failed = [];

        public Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
        {
            var fails = request.Text!.EndsWith("fails", StringComparison.Ordinal) && _failed.TryAdd(request.Text, 1);
            return Task.FromResult(new Speech(new SpeechDetails("t", "amy", 1, Rate), FramesAsync(fails), () => ValueTask.CompletedTask));
        }

        private static async IAsyncEnumerable<AudioFrame> FramesAsync(bool fails)
        {
            await Task.CompletedTask;
            yield return new AudioFrame(0, 0, new short[15 * Rate], []);
            if (fails)
            {
                throw SpeechException.Internal();
            }

            yield return new AudioFrame(1, 15 * Rate, new short[5 * Rate], []);
        }
    }
}
