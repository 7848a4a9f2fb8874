using System.Diagnostics.Metrics;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Grains.Synthesis;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>One speech that is followed over scripted workers, by a clock that the test moves.</summary>
public abstract class FollowedSpeechBench : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private protected SteppedTime Time { get; } = new();

    private protected WorkerDirectory Workers { get; } = new(new Random(1));

    private protected List<ScriptedWorker> Added { get; } = [];

    private protected FollowedSpeech? Followed { get; private set; }

    public async ValueTask DisposeAsync()
    {
        if (Followed is { } speech)
        {
            await speech.DisposeAsync();
        }

        await _services.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected ScriptedWorker Add(string key, double busy = 0, string? fingerprint = null)
    {
        var worker = new ScriptedWorker(key) { Fingerprint = fingerprint };
        worker.Report(busy);
        Added.Add(worker);
        Workers.Add(worker.Seat);
        return worker;
    }

    private protected FollowedSpeech Start(TextInput? text = null) => Followed = new FollowedSpeech(
        SpeakMessage.From(new SpeakRequest { Text = text is null ? "Hello." : null, Seed = 7, TaskId = "t" }),
        Workers,
        new FailoverOptions(),
        new ClusterInstruments(_services.GetRequiredService<IMeterFactory>()),
        Time,
        NullLogger.Instance,
        default,
        text);

    private protected static async Task<List<int>> ListenAsync(FollowedSpeech speech)
    {
        List<int> numbers = [];
        await foreach (var frame in speech.ReadAllAsync(default))
        {
            Assert.Equal(frame.Number, frame.Samples.Span[0]);
            numbers.Add((int)frame.Number);
        }

        return numbers;
    }

    private protected Task DeliveredAsync(long frames) => Eventually.Async(() => Followed!.NextFrame == frames, $"{frames} frames were delivered");

    /// <summary>Lets the clock of the listener tick so often.</summary>
    private protected async Task StepsAsync(int ticks)
    {
        for (var i = 0; i < ticks; i++)
        {
            await Eventually.Async(() => Time.Waiting > 0, "the listener waits");
            await Task.Yield();
            Time.Advance(Tick);
        }
    }

    private protected async Task StepsUntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1000 && !condition(); i++)
        {
            if (Time.Waiting > 0)
            {
                Time.Advance(Tick);
            }

            await Task.Delay(1);
        }

        Assert.True(condition());
    }

    private protected static SpeechPart Refusal(SpeechErrorKind kind, int seconds) => new()
    {
        Error = ErrorMessage.From(new SpeechException(kind, "CODE", "No.", "Later.") { RetryAfter = TimeSpan.FromSeconds(seconds) }),
    };
}
