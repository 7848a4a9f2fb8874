using System.Text.Json.Nodes;
using CosyOrleans.Frontend.OpenApi;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using Microsoft.OpenApi;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>What the API document says about bodies that handlers read and write themselves.</summary>
internal static class JobDescriptions
{
    private const string Order =
        """
        {"items": [{"text": "Good morning.", "task_id": "greeting"}, {"text": "Good night.", "voice": "ben", "format": "pcm"}],
         "id": "day", "voice": "eve", "speed": 1.0, "max_in_flight": 10}
        """;

    public static void DescribeJobOrder(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithDescription(
            "An item has text and optionally task_id, name (of the output; default {task_id}.wav, task_id being the item's number when left "
            + "out), voice, mode (sft, zero_shot, cross_lingual or instruct), instruction, emotion, dialect, format (" + AudioFormats.List + "), sample_rate, seed, speed and chapter. Instead of items there may be texts, voices and "
            + "styles: every text in every voice in every style. Fields beside items, or in the query, are defaults for all items; assembly (wav, flac or m4b), title, author and "
            + "pause ask for one sound of all items, webhook, webhook_secret and webhook_events for calls when something has ended. Plain text and books are split as split says. The "
            + "same id, or Idempotency-Key, with the same items again answers the job there is.");
        endpoint.DescribeErrors(400, 409, 413, 415, 500);
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [JobBody.Json] = new() { Schema = new OpenApiSchema(), Example = JsonNode.Parse(Order) },
                    ["text/plain"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Paragraphs with empty lines between them." } },
                    ["text/csv"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A table whose first line names fields of items." } },
                    ["application/epub+zip"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                    [JobBody.Lines[0]] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "An item on each line." } },
                },
            };
            return Task.CompletedTask;
        });
    }

    public static void DescribeOutput(this RouteHandlerBuilder endpoint) => endpoint.DescribeContent("The sound.", [.. Enum.GetValues<AudioFormat>().Select(format => format.ContentType())]);

    public static void DescribeEvents(this RouteHandlerBuilder endpoint) =>
        endpoint.DescribeContent("Events with increasing ids; Last-Event-ID goes on after one.", "text/event-stream");

    public static void DescribeManifest(this RouteHandlerBuilder endpoint) => endpoint.DescribeContent("The job, and its items in order.", "application/json");

    public static void DescribeAssembly(this RouteHandlerBuilder endpoint, AssemblyPart part) =>
        endpoint.DescribeContent("The file, when the assembly is done.", [.. Enum.GetValues<AssemblyFormat>().Select(format => part.ContentType(format)).Distinct()]);

    public static void DescribeDownload(this RouteHandlerBuilder endpoint) => endpoint.DescribeContent("The outputs, the assembly in a folder of that name, and manifest.json.", "application/zip");

    private static void DescribeContent(this RouteHandlerBuilder endpoint, string description, params string[] types)
    {
        endpoint.DescribeErrors(404);
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses ??= [];
            operation.Responses["200"] = new OpenApiResponse
            {
                Description = description,
                Content = types.ToDictionary(
                    type => type, _ => new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } }),
            };
            return Task.CompletedTask;
        });
    }
}
