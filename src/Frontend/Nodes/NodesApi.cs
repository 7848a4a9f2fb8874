using System.ComponentModel;
using CosyOrleans.Frontend.Access;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Nodes;

/// <summary>What runs where, for whoever operates it.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder app)
    {
        var nodes = app.MapGroup("/v1/nodes").WithTags("Operations").OpenTo(EndpointAccess.Operator);
        nodes.MapGet("", ListAsync).WithName("ListNodes").WithSummary("What runs where, and how loaded it is");
        nodes.MapPost("/{name}/drain", (string name, INodes port, CancellationToken token) => SetAsync(port, name, draining: true, token))
            .WithName("DrainNode")
            .WithSummary("A node finishes what it has begun and takes nothing new; nothing is lost. Its state and what still runs are in the list.")
            .DescribeErrors(404, 503);
        nodes.MapPost("/{name}/resume", (string name, INodes port, CancellationToken token) => SetAsync(port, name, draining: false, token))
            .WithName("ResumeNode")
            .WithSummary("A drained node takes work again")
            .DescribeErrors(404, 503);
    }

    private static async Task<NodeList> ListAsync(INodes nodes, CancellationToken cancellationToken) =>
        new([.. (await nodes.ListAsync(cancellationToken)).Select(node => new NodeEntry(
            node.Name, node.Device, node.State.ToString().ToLowerInvariant(), node.Model, node.Running, node.Queued, node.Capacity))]);

    private static async Task<NodeOrder> SetAsync(INodes nodes, string name, bool draining, CancellationToken cancellationToken)
    {
        if (!await nodes.SetDrainingAsync(name, draining, cancellationToken))
        {
            var known = (await nodes.ListAsync(cancellationToken)).Select(node => node.Name).Distinct();
            throw new RequestException(StatusCodes.Status404NotFound, new ErrorBody(
                "NODE_UNKNOWN", $"There is no node {Quoted.Value(name)}.", $"Name one of {Quoted.List([.. known])}; GET /v1/nodes lists them."));
        }

        return new NodeOrder(name, draining);
    }

    private sealed record NodeList(IReadOnlyList<NodeEntry> Nodes);

    private sealed record NodeEntry(
        [property: Description("Of the machine, or the silo.")] string Name,
        [property: Description("cpu, cuda:0, …")] string Device,
        [property: Description("loading, warmingup, ready, draining, failed or quarantined.")] string State,
        string? Model,
        [property: Description("Speeches being generated.")] int Running,
        [property: Description("Speeches waiting for a place.")] int Queued,
        [property: Description("Seconds of sound per second with every place taken, as measured.")] double Capacity);

    private sealed record NodeOrder(string Name, bool Draining);
}
