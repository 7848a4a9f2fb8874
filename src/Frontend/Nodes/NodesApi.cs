using System.ComponentModel;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Nodes;

/// <summary>What runs where, for whoever operates it.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder app) =>
        app.MapGroup("/v1").WithTags("Operations").MapGet("/nodes", ListAsync).WithName("ListNodes").WithSummary("What runs where, and how loaded it is");

    private static async Task<NodeList> ListAsync(INodes nodes, CancellationToken cancellationToken) =>
        new([.. (await nodes.ListAsync(cancellationToken)).Select(node => new NodeEntry(
            node.Name, node.State.ToString().ToLowerInvariant(), node.Model, node.Running, node.Queued, node.Capacity))]);

    private sealed record NodeList(IReadOnlyList<NodeEntry> Nodes);

    private sealed record NodeEntry(
        string Name,
        [property: Description("loading, warmingup, ready, draining or failed.")] string State,
        string? Model,
        [property: Description("Speeches being generated.")] int Running,
        [property: Description("Speeches waiting for a place.")] int Queued,
        [property: Description("Seconds of sound per second with every place taken, as measured.")] double Capacity);
}
