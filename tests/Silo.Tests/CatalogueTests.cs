using CosyOrleans.Cli.Cluster;
using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Voices;
using CosyOrleans.Service.Voices;
using CosyOrleans.Tests;

namespace CosyOrleans.Silo.Tests;

[Collection("postgres")]
public sealed class CatalogueTests(PostgresFixture postgres)
{
    private static readonly string Id = TestVoices.NewId();

    [PostgresFact]
    public async Task Voices_SavedInOneSilo_AreThereInTheNextAndTheEngineSpeaksWithThem()
    {
        var connection = await postgres.CreateAsync();
        Assert.Equal(0, await SiloHost.InitializeAsync(connection, TextWriter.Null, TextWriter.Null));
        VoiceProfile? first = null;
        await WithClusterAsync(connection, async services =>
        {
            var voices = services.GetRequiredService<IVoices>();
            first = await voices.SaveAsync(TestVoices.Full(Id) with { ModelKind = "cosyvoice2" }, default);
            await voices.SaveAsync(TestVoices.Plain(Id, 2) with { ModelKind = "cosyvoice2" }, default);
        });

        await WithClusterAsync(connection, async services =>
        {
            var voices = services.GetRequiredService<IVoices>();
            TestVoices.AssertSame(first!, (await voices.FindAsync(Id, 1, default))!);
            Assert.Equal(2, Assert.Single(await voices.ListAsync(default), voice => voice.Id == Id).Version);

            var request = new SpeakRequest { Text = "Hi.", SpeakerId = Id, Seed = 1 };
            await using var speech = await services.GetRequiredService<ISynthesis>().SpeakAsync(request with { VoiceVersion = 1 }, default);
            Assert.Equal(1, speech.Details.VoiceVersion);
            Assert.True(await speech.Frames.AnyAsync());

            Assert.True(await voices.DeleteAsync(Id, default));
            Assert.Null(await voices.FindAsync(Id, null, default));
        });
    }

    private static async Task WithClusterAsync(string connection, Func<IServiceProvider, Task> act)
    {
        using var silo = new SiloProcess(connection);
        await silo.WhenReadyAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddLogging();
        var silos = new SiloOptions();
        builder.Services.AddClusterService(new ClusterConnectionOptions(connection, silos.ClusterId, silos.ServiceId), new FailoverOptions(), "none");
        using var host = builder.Build();
        await host.StartAsync();
        var workers = host.Services.GetRequiredService<WorkerDirectory>();
        Assert.True(await Waiting.ForAsync(() => workers.Workers.Any(worker => worker.IsAvailable), TimeSpan.FromMinutes(1), default), silo.Output);
        await act(host.Services);
        await host.StopAsync();
        Assert.Equal(0, await silo.StopAsync());
    }
}
