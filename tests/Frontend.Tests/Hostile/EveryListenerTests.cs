using System.Globalization;
using System.Net;
using Xunit.Abstractions;

namespace CosyOrleans.Frontend.Tests.Hostile;

/// <summary>Whoever listens hears their own utterance and nothing of anybody else's, however many are spoken at the same time.</summary>
[Collection(nameof(AloneCollection))]
public sealed class EveryListenerTests(ITestOutputHelper output)
{
    private const int Most = 10_000;
    private const int AmongThemOfJobs = 1000;
    private const int Wave = 250;
    private const int WithCache = 2000;
    private const int FilesOfATest = 1500;

    private static readonly string[] Voices = ["amy", CrowdedServer.Own, "ben", CrowdedServer.Shared];

    [Fact]
    public async Task TenThousand_OpenAtTheSameTime_EachHearsItsOwn()
    {
        var server = await CrowdedServer.StartAsync(cacheMegabytes: 0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Model.BeforeChunk = (_, number, token) => number == 0 ? gate.Task.WaitAsync(token) : Task.CompletedTask;
        var begin = TimeProvider.System.GetTimestamp();
        var listeners = Enumerable.Range(0, Listeners()).Select(i => Spoken(server, i, seed: i + 1)).ToArray();
        var items = Enumerable.Range(0, AmongThemOfJobs).Select(i => (Tenant: Of(server, i), Item: Item(server, i, seed: Most + i))).ToArray();

        List<Task<byte[]>> heard = [];
        foreach (var wave in listeners.Chunk(Wave))
        {
            heard.AddRange(wave.Select(listener => listener.HearAsync()));
            await server.WhenOpenAsync(heard.Count);
        }

        foreach (var (tenant, ordered) in items.GroupBy(item => item.Tenant, item => item.Item.AsItem).Select(group => (group.Key, group.ToArray())))
        {
            using var order = await tenant.Client.PostAsJsonAsync("/v1/jobs", new { id = "crowd", items = ordered, max_in_flight = 1000 });
            Assert.True(order.StatusCode == HttpStatusCode.Created, await order.Content.ReadAsStringAsync());
        }

        await server.WhenOpenAsync(listeners.Length + items.Length);
        var open = server.Open;
        gate.SetResult();
        var sounds = await Task.WhenAll(heard);
        foreach (var tenant in server.Tenants)
        {
            await tenant.Client.GetStringAsync("/v1/jobs/crowd/events"); // Ends with the job.
        }

        var wrong = listeners.Where((listener, i) => !listener.Expected(server.Model).AsSpan().SequenceEqual(sounds[i])).ToList();
        foreach (var (_, item) in items)
        {
            var file = await item.ReadAsync("crowd");
            if (!item.Expected(server.Model).AsSpan().SequenceEqual(file))
            {
                wrong.Add(item);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{listeners.Length + items.Length} utterances, {open} open at the same time, {TimeProvider.System.GetElapsedTime(begin).TotalSeconds:0.0} s"));
        Assert.True(open >= listeners.Length, $"Only {open} were open at the same time.");
        Assert.Empty(wrong);
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    [Fact]
    public async Task Thousands_WhoseSoundsAreCached_EachHearsItsOwn()
    {
        var server = await CrowdedServer.StartAsync(cacheMegabytes: 64);
        // Few seeds: the same seed is asked by every tenant, with the own voice of each, and by several listeners.
        var listeners = Enumerable.Range(0, WithCache).Select(i => Spoken(server, i, seed: 1 + (i / 100))).ToArray();

        List<Utterance> wrong = [];
        foreach (var wave in listeners.Chunk(Wave))
        {
            var sounds = await Task.WhenAll(wave.Select(listener => listener.HearAsync()));
            wrong.AddRange(wave.Where((listener, i) => !listener.Expected(server.Model).AsSpan().SequenceEqual(sounds[i])));
        }

        Assert.Empty(wrong);
        Assert.True(server.Model.Begun < WithCache, $"{server.Model.Begun} of {WithCache} were spoken: none came from the cache.");
        await ((IAsyncLifetime)server).DisposeAsync();
    }

    // Each has a connection, and both its ends are in this process.
    private static int Listeners() => Math.Min(Most - AmongThemOfJobs, (OpenFiles() - FilesOfATest) / 2);

    private static int OpenFiles()
    {
        const string limits = "/proc/self/limits";
        var line = File.Exists(limits) ? File.ReadLines(limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        return line is not null && int.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4], CultureInfo.InvariantCulture, out var hard) ? hard : 4096;
    }

    private static CrowdedServer.Tenant Of(CrowdedServer server, int i) => server.Tenants[i % server.Tenants.Count];

    // Every tenant with every voice over every protocol.
    private static Utterance Spoken(CrowdedServer server, int i, int seed) =>
        new(Of(server, i), Voices[i / server.Tenants.Count % Voices.Length], seed, (Protocol)(i / (server.Tenants.Count * Voices.Length) % (int)Protocol.Job));

    private static Utterance Item(CrowdedServer server, int i, int seed) =>
        new(Of(server, i), Voices[i / server.Tenants.Count % Voices.Length], seed, Protocol.Job);
}
