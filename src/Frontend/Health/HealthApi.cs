using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Health;

/// <summary>Alive is not ready: a server is ready once its model has spoken.</summary>
internal static class HealthApi
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/").WithTags("Operations").OpenTo(EndpointAccess.Everybody);
        health.MapMethods("/healthz", GetOrHead, () => new HealthStatus("alive")).WithSummary("Whether the process is alive");
        health.MapMethods("/readyz", GetOrHead, ReadyAsync).WithSummary("Whether the model has spoken").DescribeErrors(503);
    }

    private static async Task<HealthStatus> ReadyAsync(INodes nodes, CancellationToken cancellationToken)
    {
        var all = await nodes.ListAsync(cancellationToken);
        if (all.Any(node => node.State == NodeState.Ready))
        {
            return new HealthStatus("ready");
        }

        var states = string.Join(", ", all.Select(node => $"{node.Name} is {Words(node.State)}"));
        throw new SpeechException(
            SpeechErrorKind.NotReady, SpeechErrorCodes.NotReady, $"No node is ready: {states}.", "Ask again in a few seconds.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };
    }

    private static string Words(NodeState state) => state switch
    {
        NodeState.Loading => "loading its model",
        NodeState.WarmingUp => "warming up",
        NodeState.Draining => "being stopped",
        NodeState.Failed => "without a model",
        NodeState.Quarantined => "being checked after failures",
        _ => "ready",
    };

    private sealed record HealthStatus(string Status);
}
