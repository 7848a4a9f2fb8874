using System.ComponentModel;
using System.Text.Json.Serialization;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>What can be asked for: voices and models.</summary>
internal static class CatalogueApi
{
    public static void MapCatalogue(this IEndpointRouteBuilder app)
    {
        var catalogue = app.MapGroup("/v1").WithTags("Catalogue");
        catalogue.MapVoices();
        catalogue.MapEnrolment();
        catalogue.MapGet("/models", ListModelsAsync).WithName("ListModels").WithSummary("The models, as OpenAI's API lists them");
    }

    private static async Task<ModelList> ListModelsAsync(INodes nodes, CancellationToken cancellationToken)
    {
        var models = (await nodes.ListAsync(cancellationToken))
            .Where(node => node.State == NodeState.Ready)
            .Select(node => node.Model!)
            .Distinct();
        return new ModelList("list", [.. models.Select(model => new ModelEntry(model, "model", 0, "local"))]);
    }

    private sealed record ModelList(string Object, IReadOnlyList<ModelEntry> Data);

    private sealed record ModelEntry(
        string Id,
        string Object,
        [property: Description("Not known: always 0.")] long Created,
        [property: Description("Always local.")] [property: JsonPropertyName("owned_by")] string OwnedBy);
}
