using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Nodes;

public sealed class DeviceHostTests
{
    private static readonly SpeakRequest Hello = new() { Text = "Hello there.", Seed = 1 };

    [Fact]
    public async Task Devices_Started_SpeakEachOnItsOwn()
    {
        var other = new ToneModel();
        using var devices = new Devices([Host("cpu", new ToneModel()), Host("other", other)]);

        await devices.StartAsync(default);

        Assert.All(devices.All, device => Assert.Equal(NodeState.Ready, device.State));
        Assert.Null(devices.Find("cuda:0"));
        other.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        await using var speech = await devices.Find("other")!.Synthesis.SpeakAsync(Hello, default);
        Assert.Equal([0, 1], devices.All.Select(device => device.Queue.Running));
    }

    [Fact]
    public void Devices_NoneOrTwoOfAName_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Devices([]));
        using var one = Host("cpu", new ToneModel());
        using var two = Host("cpu", new ToneModel());
        Assert.Throws<ArgumentException>(() => new Devices([one, two]));
    }

    [Fact]
    public async Task DrainAsync_NothingUnderWay_CompletesAndRefusesFromThenOn()
    {
        using var host = await StartAsync(new ToneModel());

        await host.DrainAsync(default).WaitAsync(TestService.Patience);

        Assert.Equal(NodeState.Draining, host.State);
        var e = await Assert.ThrowsAsync<SpeechException>(() => host.Synthesis.SpeakAsync(Hello, default));
        Assert.Equal((SpeechErrorKind.NotReady, SpeechErrorCodes.NodeDraining), (e.Kind, e.Code));
        Assert.NotNull(e.RetryAfter);
    }

    [Fact]
    public async Task DrainAsync_SpeechUnderWay_LetsItsListenerHearTheEnd()
    {
        var gate = new TaskCompletionSource();
        var model = new ToneModel();
        using var host = await StartAsync(model);
        model.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : gate.Task.WaitAsync(token);
        var speech = await host.Synthesis.SpeakAsync(Hello, default);

        var drained = host.DrainAsync(default);
        gate.SetResult();
        var samples = 0;
        await foreach (var frame in speech.Frames)
        {
            samples += frame.Samples.Length;
        }

        Assert.Equal(2 * model.ChunkSamples, samples);
        Assert.False(drained.IsCompleted);
        await speech.DisposeAsync();
        await drained.WaitAsync(TestService.Patience);
    }

    [Fact]
    public async Task DrainAsync_SpeechWithoutSoundYet_IsSentElsewhere()
    {
        var model = new ToneModel();
        using var host = await StartAsync(model);
        model.BeforeChunk = (_, _, token) => Task.Delay(Timeout.Infinite, token);
        var waiting = host.Synthesis.SpeakAsync(Hello, default);
        await model.WhenActiveAsync(1);

        await host.DrainAsync(default).WaitAsync(TestService.Patience);

        Assert.Equal(SpeechErrorCodes.NodeDraining, (await Assert.ThrowsAsync<SpeechException>(() => waiting.WaitAsync(TestService.Patience))).Code);
        await model.WhenActiveAsync(0);
    }

    [Fact]
    public async Task SetDraining_ThenNot_TakesWorkAgainAndLetsWhatRanEnd()
    {
        var gate = new TaskCompletionSource();
        var model = new ToneModel();
        using var host = await StartAsync(model);
        model.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : gate.Task.WaitAsync(token);
        await using var begun = await host.Synthesis.SpeakAsync(Hello, default);

        host.SetDraining(true);
        var refused = await Assert.ThrowsAsync<SpeechException>(() => host.Synthesis.SpeakAsync(Hello, default));
        host.SetDraining(false);
        await using var later = await host.Synthesis.SpeakAsync(Hello, default);
        gate.SetResult();

        Assert.Equal((SpeechErrorCodes.NodeDraining, NodeState.Ready), (refused.Code, host.State));
        Assert.All([begun, later], speech => Assert.Equal(2 * model.ChunkSamples, speech.Frames.ToBlockingEnumerable().Sum(frame => frame.Samples.Length)));
    }

    [Fact]
    public async Task SetDraining_AfterDrainAsync_TakesNoWorkAgain()
    {
        using var host = await StartAsync(new ToneModel());

        await host.DrainAsync(default).WaitAsync(TestService.Patience);
        host.SetDraining(false);

        Assert.Equal(NodeState.Draining, host.State);
    }

    [Fact]
    public async Task Nodes_OfThisMachine_TellWhatRunsAndAreDrainedByName()
    {
        using var host = Host("cpu", new ToneModel());
        var nodes = new LocalNodes(host);
        Assert.Equal(NodeState.Loading, Assert.Single(await nodes.ListAsync(default)).State);

        await host.Model.StartAsync(default);

        var node = Assert.Single(await nodes.ListAsync(default));
        Assert.Equal((NodeState.Ready, "cpu", "tone", 0, 0), (node.State, node.Device, node.Model, node.Running, node.Queued));
        Assert.False(await nodes.SetDrainingAsync("another", draining: true, default));
        Assert.True(await nodes.SetDrainingAsync(node.Name, draining: true, default));
        Assert.Equal(NodeState.Draining, Assert.Single(await nodes.ListAsync(default)).State);
    }

    [Fact]
    public async Task SpeakAsync_CallerCancelsLater_StopsTheModel()
    {
        var model = new ToneModel();
        using var host = await StartAsync(model);
        model.BeforeChunk = (_, chunk, token) => chunk == 0 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using var caller = new CancellationTokenSource();
        await using var speech = await host.Synthesis.SpeakAsync(Hello, caller.Token);

        await caller.CancelAsync();

        await model.WhenActiveAsync(0);
    }

    private static async Task<DeviceHost> StartAsync(ToneModel model)
    {
        var host = Host("cpu", model);
        await host.Model.StartAsync(default);
        return host;
    }

    private static DeviceHost Host(string name, ToneModel model) =>
        new(name, () => model, new SynthesisOptions(), new TestMeters(), new ManualTime(), NullLoggerFactory.Instance);
}
