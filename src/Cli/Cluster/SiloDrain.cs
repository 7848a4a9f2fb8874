using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Cli.Cluster;

/// <summary>Takes work from a silo of a local cluster and gives it back, through one of its frontends.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SiloDrain(ClusterFolder folder)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Completes when nothing is spoken there any more.</summary>
    /// <exception cref="SpeechException">There is no such silo, or no frontend answers.</exception>
    public async Task DrainAsync(string silo, CancellationToken cancellationToken)
    {
        await OrderAsync(silo, "drain", cancellationToken);
        // A frontend hears of a silo four times a second.
        await Waiting.ForAsync(async token => await IsEmptyAsync(silo, token), Timeout.InfiniteTimeSpan, cancellationToken);
    }

    /// <exception cref="SpeechException">There is no such silo, or no frontend answers.</exception>
    public Task ResumeAsync(string silo, CancellationToken cancellationToken) => OrderAsync(silo, "resume", cancellationToken);

    private async Task OrderAsync(string silo, string order, CancellationToken cancellationToken) => await AskAsync(async frontend =>
    {
        using var answer = await Http.PostAsync($"{frontend}/v1/nodes/{Uri.EscapeDataString(silo)}/{order}", null, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            var error = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            throw new SpeechException(SpeechErrorKind.Invalid, Text(error, "error"), Text(error, "message"), Text(error, "solution"));
        }

        return true;
    });

    private Task<bool> IsEmptyAsync(string silo, CancellationToken cancellationToken) => AskAsync(async frontend =>
    {
        var nodes = await Http.GetFromJsonAsync<JsonElement>($"{frontend}/v1/nodes", cancellationToken);
        return nodes.GetProperty("nodes").EnumerateArray().Where(node => Text(node, "name") == silo)
            .All(node => Text(node, "state") != "ready" && node.GetProperty("running").GetInt32() == 0);
    });

    private async Task<bool> AskAsync(Func<string, Task<bool>> ask)
    {
        var frontend = folder.Members().FirstOrDefault(member => member is { Member.Kind: MemberKind.Frontend, Running: not null })
            ?? throw new SpeechException(
                SpeechErrorKind.NotReady, "CLUSTER_NOT_RUNNING", $"No frontend of {folder.Data} is running.", "Look at cosy cluster status; cosy cluster up starts a cluster.");
        try
        {
            return await ask($"http://127.0.0.1:{frontend.Member.Port}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException { InnerException: TimeoutException })
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady, "FRONTEND_NOT_REACHED", $"{frontend.Member.Name} does not answer: {e.Message.TrimEnd('.')}.", "Look at cosy cluster status, then try again.", e);
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
