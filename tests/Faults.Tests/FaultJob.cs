using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CosyOrleans.Cli.Cluster;

namespace CosyOrleans.Faults;

/// <summary>A job of numbered texts on a cluster; the same numbers are the same sounds in every job.</summary>
internal sealed class FaultJob(FaultCluster cluster, string id, int items)
{
    private string Outputs => Path.Combine(cluster.Data, "jobs", id, "out");

    /// <summary>The silo on which it runs, or ran last.</summary>
    public string Holder => cluster.Silos.MaxBy(LastRun)!;

    /// <param name="text">What item {0} says.</param>
    public async Task SubmitAsync(string text)
    {
        var lines = Enumerable.Range(1, items).Select(i => JsonSerializer.Serialize(new
        {
            text = string.Format(CultureInfo.InvariantCulture, text, i), seed = 1000 + i,
        }));
        using var body = new StringContent(string.Join('\n', lines), new MediaTypeHeaderValue("application/x-ndjson"));
        using var answer = await cluster.Client.PostAsync($"/v1/jobs?id={id}", body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Completes when so many items are done, and with the last one the job.</summary>
    public async Task WhenDoneAsync(int done)
    {
        if (!await Waiting.ForAsync(token => IsDoneAsync(done, token), FaultCluster.Patience, default))
        {
            throw new InvalidOperationException($"{done} items of {id} are not done after {FaultCluster.Patience.TotalMinutes} minutes.");
        }
    }

    public Task WhenDoneAsync() => WhenDoneAsync(items);

    /// <summary>Every item has one output, which is what it is in the other job, and there is nothing else.</summary>
    public void RequireSameOutputs(FaultJob other)
    {
        var names = Directory.GetFiles(Outputs).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToArray();
        var expected = Directory.GetFiles(other.Outputs).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToArray();
        if (!names.SequenceEqual(expected) || names.Count(name => name.EndsWith(".wav", StringComparison.Ordinal)) != items)
        {
            throw new InvalidOperationException($"{names.Length} outputs of {id}, {expected.Length} of the other, {items} items.");
        }

        if (names.FirstOrDefault(name => !Same(Path.Combine(Outputs, name), Path.Combine(other.Outputs, name))) is { } different)
        {
            throw new InvalidOperationException($"{different} of {id} is not what it is in the other job.");
        }
    }

    private static bool Same(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private async Task<bool> IsDoneAsync(int done, CancellationToken cancellationToken)
    {
        using var answer = await cluster.Client.GetAsync($"/v1/jobs/{id}", cancellationToken);
        using var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return answer.IsSuccessStatusCode && job.RootElement.GetProperty("items").GetProperty("done").GetInt32() >= done
            && (done < items || job.RootElement.GetProperty("status").GetString() == "completed");
    }

    // Lines of the log begin with the time of day.
    private string LastRun(string silo) =>
        File.ReadLines(Path.Combine(cluster.Data, "cluster", $"{silo}.log")).LastOrDefault(line => line.Contains($"Job {id} runs here", StringComparison.Ordinal)) ?? "";
}
