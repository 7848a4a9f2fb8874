using System.Collections.Concurrent;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Fails and waits as a test says; what it speaks is one sample, decided by the seed.</summary>
internal sealed class ScriptedSynthesis : ISynthesis
{
    private int _active;
    private int _most;

    /// <summary>Before each attempt: the text and how many attempts came before.</summary>
    public Func<string, int, CancellationToken, Task> Before { get; set; } = (_, _, _) => Task.CompletedTask;

    public ConcurrentDictionary<string, int> Attempts { get; } = new();

    /// <summary>The most that were under way at the same time.</summary>
    public int Most => _most;

    public static SpeechException Error(SpeechErrorKind kind, TimeSpan? after = null) =>
        new(kind, $"{kind}".ToUpperInvariant(), $"It is {kind}.", "Wait.") { RetryAfter = after };

    public async Task<Speech> SpeakAsync(SpeakRequest request, CancellationToken cancellationToken)
    {
        Assert.Equal((SpeechLane.Batch, false), (request.Lane, request.Streaming));
        var active = Interlocked.Increment(ref _active);
        for (var most = _most; active > most; most = _most)
        {
            Interlocked.CompareExchange(ref _most, active, most);
        }

        try
        {
            var before = Attempts.AddOrUpdate(request.Text!, 1, (_, n) => n + 1) - 1;
            await Before(request.Text!, before, cancellationToken);
            var details = new SpeechDetails("t", "amy", (int)request.Seed!, 24000);
            return new Speech(details, FramesAsync((short)request.Seed!), () => ValueTask.CompletedTask);
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private static async IAsyncEnumerable<AudioFrame> FramesAsync(short sample)
    {
        await Task.CompletedTask;
        yield return new AudioFrame(0, 0, new[] { sample }, []);
    }
}
