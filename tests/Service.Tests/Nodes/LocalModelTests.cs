using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Nodes;

public sealed class LocalModelTests
{
    private readonly ManualTime _time = new();
    private readonly SpeechQueue _queue;

    public LocalModelTests() => _queue = new SpeechQueue(new SynthesisOptions(), _time);

    [Fact]
    public void Require_BeforeStart_SaysNotReadyAndWhenToComeBack()
    {
        using var model = Of(() => new ToneModel());

        var e = Assert.Throws<SpeechException>(model.Require);

        Assert.Equal((SpeechErrorKind.NotReady, SpeechErrorCodes.NotReady), (e.Kind, e.Code));
        Assert.NotNull(e.RetryAfter);
    }

    [Fact]
    public async Task StartAsync_ReadyOnlyAfterSpeaking()
    {
        var gate = new TaskCompletionSource();
        var tone = new ToneModel { BeforeChunk = (_, _, token) => gate.Task.WaitAsync(token) };
        using var model = Of(() => tone);
        var starting = model.StartAsync(default);
        await tone.WhenActiveAsync(1);
        Assert.Equal(NodeState.WarmingUp, model.State);

        gate.SetResult();
        await starting;

        Assert.Equal(NodeState.Ready, model.State);
        Assert.Same(tone, model.Require());
    }

    [Fact]
    public async Task StartAsync_MeasuresWhatTheMachineCanDo()
    {
        using var model = Of(() => new ToneModel
        {
            BeforeChunk = (_, _, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(0.2));
                return Task.CompletedTask;
            },
        });

        await model.StartAsync(default);

        // A chunk is 0.1 s of sound and takes 0.2 s.
        Assert.Equal(0.5, _queue.Capacity, tolerance: 1e-9);
    }

    [Fact]
    public async Task StartAsync_SpeaksAsMuchAtTheSameTimeAsPays()
    {
        // One to compile, one to measure, then two and four together; each time all are done after 1 s.
        int[] expected = [1, 1, 2, 4];
        var (group, arrived, gate) = (0, 0, new TaskCompletionSource());
        var tone = new ToneModel
        {
            BeforeChunk = (_, chunk, token) =>
            {
                if (chunk > 0)
                {
                    return Task.CompletedTask;
                }

                var passed = gate;
                if (++arrived == expected[group])
                {
                    (group, arrived, gate) = (group + 1, 0, new TaskCompletionSource());
                    _time.Advance(TimeSpan.FromSeconds(1));
                    passed.SetResult();
                }

                return passed.Task.WaitAsync(TimeSpan.FromMinutes(1), token);
            },
        };
        using var model = Of(() => tone, new SynthesisOptions { MaxRunning = 6 });

        await model.StartAsync(default);

        Assert.Equal(expected.Length, group);
        Assert.Equal(4 * 0.3, _queue.Capacity, tolerance: 1e-9);
    }

    [Fact]
    public async Task StartAsync_LoadFails_SaysWhyAndWhatAModelFolderHolds()
    {
        using var model = Of(() => throw new InvalidDataException("/models/x: llm.pt is missing"));

        var e = await Assert.ThrowsAsync<SpeechException>(() => model.StartAsync(default));

        Assert.Equal((SpeechErrorKind.Configuration, SpeechErrorCodes.ModelLoadFailed), (e.Kind, e.Code));
        Assert.Contains("llm.pt is missing", e.Message);
        Assert.Contains("hift.pt", e.Solution);
        Assert.Equal(NodeState.Failed, model.State);
        Assert.Equal(SpeechErrorCodes.ModelLoadFailed, Assert.Throws<SpeechException>(model.Require).Code);
    }

    [Fact]
    public async Task StartAsync_ModelDoesNotFit_SaysWhatToChangeOfTheDevice()
    {
        using var model = Of(() => throw new OutOfMemoryException("The model may keep 1 GB on cuda:0."));

        var e = await Assert.ThrowsAsync<SpeechException>(() => model.StartAsync(default));

        Assert.Equal((SpeechErrorKind.Configuration, SpeechErrorCodes.DeviceMemory), (e.Kind, e.Code));
        Assert.Contains("1 GB on cuda:0", e.Message);
        Assert.Contains("Device:CachePositions", e.Solution);
    }

    [Fact]
    public async Task StartAsync_NoVoices_IsReadyForThoseThatAreStillToCome()
    {
        using var model = Of(() => new ToneModel { VoiceIds = [] });

        await model.StartAsync(default);

        Assert.Equal(NodeState.Ready, model.State);
    }

    [Fact]
    public async Task StartAsync_UnknownDefaultVoice_Fails()
    {
        using var model = Of(() => new ToneModel(), new SynthesisOptions { DefaultVoice = "zoe" });

        var e = await Assert.ThrowsAsync<SpeechException>(() => model.StartAsync(default));

        Assert.Contains("'zoe' is not among amy, ben", e.Message);
    }

    [Fact]
    public async Task StartAsync_MakesNoSound_Fails()
    {
        using var model = Of(() => new ToneModel { ChunkSamples = 0 });

        var e = await Assert.ThrowsAsync<SpeechException>(() => model.StartAsync(default));

        Assert.Contains("no sound", e.Message);
    }

    [Fact]
    public async Task Dispose_FreesTheModel()
    {
        var tone = new ToneModel();
        var model = Of(() => tone);
        await model.StartAsync(default);

        model.Dispose();

        Assert.True(tone.IsDisposed);
    }

    private LocalModel Of(Func<ILoadedModel> load, SynthesisOptions? options = null) =>
        new(load, options ?? new SynthesisOptions(), _queue, _time, NullLogger<LocalModel>.Instance);
}
