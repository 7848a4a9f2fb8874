using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CosyOrleans.Cli.Cluster;
using CosyOrleans.Tests;

namespace CosyOrleans.Faults.Tests;

/// <summary>A job on three silos, and the silo that runs it is lost: every item is done, and its sound is what it would have been.</summary>
public sealed class JobFaultTests
{
    private const int Items = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [PostgresFact]
    public async Task Job_WhoseSiloIsKilledOrFrozen_EndsLikeAnUndisturbedOne()
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 3);
        await SubmitAsync(cluster, "undisturbed");
        await WhenDoneAsync(cluster, "undisturbed", Items);

        await LoseSiloAsync(cluster, "killed", cluster.Kill);
        await LoseSiloAsync(cluster, "frozen", cluster.Freeze);
    }

    private static async Task LoseSiloAsync(FaultCluster cluster, string job, Action<string> lose)
    {
        await SubmitAsync(cluster, job);
        await WhenDoneAsync(cluster, job, Items / 5);
        var silo = HolderOf(cluster, job);
        lose(silo);
        await WhenDoneAsync(cluster, job, Items);

        // A silo that was frozen goes on where it was, and must not spoil anything.
        cluster.Thaw(silo);
        await cluster.WhenReadyAsync();
        Assert.Single(cluster.Silos.Except([silo]), other => Ran(cluster, other, job));
        await WhenDoneAsync(cluster, job, Items);
        foreach (var sound in Directory.GetFiles(FolderOf(cluster, "undisturbed"), "*.wav"))
        {
            var same = Path.Combine(FolderOf(cluster, job), Path.GetFileName(sound));
            Assert.Equal(await File.ReadAllBytesAsync(sound), await File.ReadAllBytesAsync(same));
        }
    }

    private static async Task SubmitAsync(FaultCluster cluster, string id)
    {
        var lines = Enumerable.Range(1, Items).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{"text":"Item {{i}} is spoken once, and no second time.","seed":{{1000 + i}}}"""));
        using var body = new StringContent(string.Join('\n', lines), new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await cluster.Client.PostAsync($"/v1/jobs?id={id}", body);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task WhenDoneAsync(FaultCluster cluster, string id, int done)
    {
        var reached = await Waiting.ForAsync(
            async token =>
            {
                using var answer = await cluster.Client.GetAsync($"/v1/jobs/{id}", token);
                using var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(token));
                return answer.IsSuccessStatusCode && job.RootElement.GetProperty("items").GetProperty("done").GetInt32() >= done
                    && (done < Items || job.RootElement.GetProperty("status").GetString() == "completed");
            },
            Patience,
            default);
        Assert.True(reached, $"{done} items of {id} are not done");
    }

    private static string HolderOf(FaultCluster cluster, string job) => cluster.Silos.Single(silo => Ran(cluster, silo, job));

    private static bool Ran(FaultCluster cluster, string silo, string job) =>
        File.ReadAllText(Path.Combine(cluster.Data, "cluster", $"{silo}.log")).Contains($"Job {job} runs here", StringComparison.Ordinal);

    private static string FolderOf(FaultCluster cluster, string job) => Path.Combine(cluster.Data, "jobs", job, "out");
}
