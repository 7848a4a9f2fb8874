#if TORCH
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests;

namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>Two silos, each with a model on the processor and one on a device of TorchSharp, and real voices.</summary>
public sealed class DevicesTests : IAsyncLifetime
{
    private const string Torch = "torch:cpu";

    private static readonly SpeakRequest Request = new()
    {
        Text = string.Join(' ', Enumerable.Repeat("The weather is very nice this morning. We walk along the river.", 2)), Seed = 7,
    };

    private TestCluster _cluster = null!;

    private TestSilo First => _cluster.Silos[0];

    private TestSilo Second => _cluster.Silos[1];

    public async Task InitializeAsync()
    {
        _cluster = await TestCluster.StartAsync(
            2,
            new SynthesisOptions { ReadAheadSeconds = 1, MaxRunning = 2 },
            new FailoverOptions { ReadAheadSeconds = 1 },
            devices: [.. new[] { ComputeDevices.Processor, Torch }.Select(device => (device, (Func<ILoadedModel>)(() => Load(device))))]);
        await WhenAsync(workers => workers.All(worker => worker.Status!.Fingerprint is not null), "fingerprints are known");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Workers_OfSeveralDevices_SayWhichTheyHoldAndSpeak()
    {
        var nodes = await _cluster.Frontend.GetRequiredService<INodes>().ListAsync(default);

        Assert.Equal(
            [("silo-0", "cpu"), ("silo-0", Torch), ("silo-1", "cpu"), ("silo-1", Torch)], nodes.Select(node => (node.Name, node.Device)));
        Assert.All(nodes, node => Assert.Equal(NodeState.Ready, node.State));
        Assert.Equal(nodes[0].Fingerprint, nodes[2].Fingerprint);
        Assert.Equal(nodes[1].Fingerprint, nodes[3].Fingerprint);
        Assert.NotEqual(nodes[0].Fingerprint, nodes[1].Fingerprint);
        var few = Request with { Text = "We walk along it." };
        var onProcessor = await SpeakAsync(First.Find(ComputeDevices.Processor), few);
        var onTorch = await SpeakAsync(First.Find(Torch), few);
        Assert.Equal(onProcessor, await SpeakAsync(Second.Find(ComputeDevices.Processor), few));
        Assert.Equal(onTorch, await SpeakAsync(Second.Find(Torch), few));
        Assert.NotEqual(onProcessor, onTorch); // Or the test below could not tell who went on.
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Speech_SiloLost_GoesOnWithTheSameKindOfDeviceWhereThereIsOne(bool isThere)
    {
        var alone = await SpeakAsync(Second.Find(Torch), Request);
        Drain(true, First.Find(ComputeDevices.Processor), Second.Find(ComputeDevices.Processor), Second.Find(Torch));
        await WhenAsync(workers => workers.Count(worker => worker.IsAvailable) == 1, "one worker is left");
        await using var speech = await _cluster.Synthesis.SpeakAsync(Request, default);
        await using var frames = speech.Frames.GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        List<short> heard = [.. frames.Current.Samples.Span];
        Assert.Equal(1, First.Find(Torch).Queue.Running);

        Drain(false, Second.Find(ComputeDevices.Processor));
        await using var other = isThere ? await BeginAsync(Second.Find(Torch)) : null; // The busier one.
        await WhenAsync(workers => workers.Count(worker => worker.IsAvailable) == (isThere ? 3 : 2), "others can go on");
        await First.KillAsync();
        while (await frames.MoveNextAsync())
        {
            heard.AddRange(frames.Current.Samples.Span);
        }

        if (isThere)
        {
            Assert.Equal(alone, heard);
        }

        Assert.InRange(heard.Count, alone.Length / 2, alone.Length * 2);
    }

    private static EngineModel Load(string device) => EngineModel.Load(
        Path.Combine(Folders.Repository, "models/default"), threads: 1, maxConcurrent: 2, device: device, options: new() { CachePositions = 4096, ChunkRows = 1 });

    private static void Drain(bool draining, params DeviceHost[] devices) => Array.ForEach(devices, device => device.SetDraining(draining));

    private static async Task<Speech> BeginAsync(DeviceHost device)
    {
        device.SetDraining(false);
        return await device.Synthesis.SpeakAsync(Request, default);
    }

    private static async Task<short[]> SpeakAsync(DeviceHost device, SpeakRequest request)
    {
        await using var speech = await device.Synthesis.SpeakAsync(request, default);
        List<short> heard = [];
        await foreach (var frame in speech.Frames)
        {
            heard.AddRange(frame.Samples.Span);
        }

        return [.. heard];
    }

    private Task WhenAsync(Func<ICollection<Worker>, bool> condition, string what) =>
        Eventually.Async(() => condition(_cluster.Frontend.GetRequiredService<WorkerDirectory>().Workers), what);
}
#endif
