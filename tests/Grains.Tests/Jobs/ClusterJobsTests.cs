using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Tests.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Grains.Tests.Jobs;

public sealed class ClusterJobsTests : JobsPortTests
{
    private readonly KeptStates _states = new();
    private TestCluster _cluster = null!;

    private protected override IJobs Jobs => _cluster.Frontend.GetRequiredService<IJobs>();

    public override async Task InitializeAsync() =>
        _cluster = await TestCluster.StartAsync(1, jobs: new TestJobs(Data, _states, Scripted, Time));

    public override async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Submit_SameOrderAsInProcess_OutputsAreIdentical()
    {
        const string Order = """["one", {"text":"two","format":"pcm"}, {"text":"three","seed":7,"name":"third.wav"}]""";
        await SubmitAsync(Order);
        await WhenAsync();
        await using var local = new LocalJobs(Path.Combine(Data, "local"), Scripted, Time, NullLoggerFactory.Instance);
        await local.StartAsync(goOn: true, default);

        using var order = await OrderAsync(Order);
        await local.SubmitAsync(order, default);
        await foreach (var _ in (await local.EventsAsync("job", null, default))!)
        {
            // Until it has ended.
        }

        var folder = new DirectoryInfo(Path.Combine(Data, "local", "jobs", "job", "out"));
        Assert.Equal(3, folder.GetFiles().Length);
        foreach (var file in folder.GetFiles())
        {
            Assert.Equal(await File.ReadAllBytesAsync(file.FullName), await OutputAsync(file.Name));
        }
    }
}
