using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Jobs;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Tests.Nodes;

/// <summary>What becomes of a device whose memory runs out, or that fails again and again.</summary>
public sealed class DeviceCareTests
{
    private const string Text = "One two three.";

    private readonly TimerTime _time = new();
    private readonly ToneModel _model = new();

    [Fact]
    public async Task OutOfMemory_SpeechGoesOnWhereItWasAndFewerSpeakAtTheSameTime()
    {
        await using var service = await StartAsync();
        var chunks = 0; // The second one fails twice.
        _model.BeforeChunk = (_, _, _) => ++chunks is 2 or 3 ? throw new OutOfMemoryException() : Task.CompletedTask;

        await using var speech = await service.SpeakAsync(new SpeakRequest { Text = Text, SpeakerId = "amy", Seed = 5 });
        var heard = HearAsync(speech);
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.NextAsync());
        Assert.Equal(TimeSpan.FromSeconds(2), await _time.NextAsync());

        Assert.Equal(_model.Expected(Text, "amy", 5), await heard.WaitAsync(TestService.Patience));
        Assert.Equal(2, service.Queue.Slots);
        Assert.Equal(NodeState.Ready, service.State);
    }

    [Fact]
    public async Task OutOfMemory_AQuietMinuteGivesASlotBack()
    {
        await using var service = await StartAsync();
        var failures = 1;
        _model.BeforeChunk = (_, chunk, _) => chunk == 1 && failures-- > 0 ? throw new OutOfMemoryException() : Task.CompletedTask;
        var first = SpeakAsync(service);
        await _time.NextAsync();
        await first;
        Assert.Equal(4, service.Queue.Slots);

        _time.Advance(TimeSpan.FromMinutes(1));
        await SpeakAsync(service);
        await SpeakAsync(service);

        Assert.Equal(5, service.Queue.Slots);
    }

    [Fact]
    public async Task OutOfMemory_AtOneChunkFourTimes_TheSpeechFails()
    {
        await using var service = await StartAsync();
        _model.BeforeChunk = (_, _, _) => throw new OutOfMemoryException();

        var speech = SpeakAsync(service);
        for (var i = 0; i < 3; i++)
        {
            await _time.NextAsync();
        }

        var e = await Assert.ThrowsAsync<SpeechException>(() => speech);
        Assert.Equal((SpeechErrorKind.Busy, "CUDA_OOM"), (e.Kind, e.Code));
        Assert.NotNull(e.RetryAfter);
        Assert.Equal(1, service.Queue.Slots);
    }

    [Fact]
    public async Task OutOfMemory_SeveralSpeeches_GoOnWhenFewEnoughRun()
    {
        await using var service = await StartAsync();
        var (together, most) = (0, 0);
        _model.BeforeChunk = async (_, _, token) =>
        {
            // Two fit.
            if (Interlocked.Increment(ref together) > 2)
            {
                Interlocked.Decrement(ref together);
                throw new OutOfMemoryException();
            }

            most = Math.Max(most, together);
            await Task.Delay(TimeSpan.FromMilliseconds(2), token);
            Interlocked.Decrement(ref together);
        };
        var speeches = Enumerable.Range(1, 8).Select(async seed =>
        {
            await using var speech = await service.SpeakAsync(new SpeakRequest { Text = Text, SpeakerId = "amy", Seed = seed });
            return await HearAsync(speech);
        }).ToArray();
        var all = Task.WhenAll(speeches);
        while (!all.IsCompleted)
        {
            if (_time.IsAwaited)
            {
                await _time.NextAsync();
            }

            await Task.Yield();
        }

        var heard = await all;
        for (var seed = 1; seed <= 8; seed++)
        {
            Assert.Equal(_model.Expected(Text, "amy", seed), heard[seed - 1]);
        }

        Assert.InRange(service.Queue.Slots, 1, 2);
        Assert.Equal((NodeState.Ready, 0), (service.State, service.Queue.Running));
    }

    [Fact]
    public async Task MoreThanTheDeviceHoldsInAll_IsRefusedAtOnceAndNotHeldAgainstIt()
    {
        await using var service = await StartAsync();
        _model.BeforeChunk = (_, _, _) => throw new CacheCapacityException(1100, 1024);
        for (var i = 0; i < 4; i++)
        {
            var e = await Assert.ThrowsAsync<SpeechException>(() => SpeakAsync(service)); // Time stands still.

            Assert.Equal((SpeechErrorKind.Configuration, "CUDA_OOM", null), (e.Kind, e.Code, e.RetryAfter));
            Assert.Contains("1024", e.Message, StringComparison.Ordinal);
            Assert.Contains("Device:CachePositions", e.Solution, StringComparison.Ordinal);
        }

        Assert.Equal((NodeState.Ready, 8), (service.State, service.Queue.Slots));
    }

    [Fact]
    public async Task ResultsThatAreNoNumbers_AreRefusedWithWhatToDo()
    {
        await using var service = await StartAsync();
        _model.BeforeChunk = (_, _, _) => throw new NotFiniteNumberException("The samples of the model are not numbers.");

        var e = await Assert.ThrowsAsync<SpeechException>(() => SpeakAsync(service));

        Assert.Equal((SpeechErrorKind.Configuration, "NOT_A_NUMBER"), (e.Kind, e.Code));
        Assert.Contains("Device:Precision", e.Solution, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OutOfMemory_WhileMeasuring_TheDeviceCanBeUsedByFewer()
    {
        _model.BeforeChunk = (_, _, _) => _model.Active > 3 ? throw new OutOfMemoryException() : Task.Delay(TimeSpan.FromMilliseconds(1));

        await using var service = await StartAsync();

        Assert.Equal(NodeState.Ready, service.State);
        Assert.InRange(service.Queue.Slots, 1, 8);
    }

    [Fact]
    public async Task Failures_ThreeInARow_QuarantineUntilTheDeviceSpeaksForItself()
    {
        await using var service = await StartAsync();
        var failures = 5; // Three requests, and the device twice by itself.
        _model.BeforeChunk = (_, _, _) => failures-- > 0 ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<SpeechException>(() => SpeakAsync(service));
        }

        Assert.Equal(NodeState.Quarantined, service.State);
        var e = await Assert.ThrowsAsync<SpeechException>(() => SpeakAsync(service));
        Assert.Equal((SpeechErrorKind.NotReady, SpeechErrorCodes.NodeQuarantined), (e.Kind, e.Code));
        Assert.NotNull(e.RetryAfter);
        Assert.Equal(TimeSpan.FromSeconds(5), await _time.NextAsync());
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.NextAsync());

        while (service.State != NodeState.Ready)
        {
            await Task.Yield();
        }

        await SpeakAsync(service);
    }

    [Fact]
    public async Task Failures_OfRequestsOnly_TheDeviceIsBackAtOnce()
    {
        await using var service = await StartAsync();
        _model.BeforeChunk = (input, _, _) => input.Seed == 5 ? throw new InvalidOperationException("this request") : Task.CompletedTask;
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<SpeechException>(() => SpeakAsync(service));
        }

        // Time stands still.
        while (service.State != NodeState.Ready)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Failures_WithSuccessesBetween_ChangeNothing()
    {
        await using var service = await StartAsync();
        for (var i = 0; i < 6; i++)
        {
            var fails = i % 3 != 2;
            _model.BeforeChunk = (_, _, _) => fails ? throw new InvalidOperationException("broken") : Task.CompletedTask;
            await SpeakAsync(service).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Assert.Equal(NodeState.Ready, service.State);
    }

    private Task<TestService> StartAsync() => TestService.StartAsync(model: _model, time: _time);

    private static async Task SpeakAsync(TestService service)
    {
        await using var speech = await service.SpeakAsync(new SpeakRequest { Text = Text, SpeakerId = "amy", Seed = 5 });
        await HearAsync(speech);
    }

    private static async Task<short[]> HearAsync(Speech speech)
    {
        List<short> heard = [];
        await foreach (var frame in speech.Frames)
        {
            heard.AddRange(frame.Samples.Span);
        }

        return [.. heard];
    }
}
