using System.Globalization;
using System.Text.Json.Nodes;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Formats;
using Microsoft.OpenApi;

namespace CosyOrleans.Frontend.OpenApi;

/// <summary>Describes what handlers that read and write bodies themselves take and give.</summary>
internal static class OperationDescriptions
{
    private static readonly (string Name, JsonSchemaType Type, string Description)[] SpeechHeaders =
    [
        ("X-Sample-Rate", JsonSchemaType.Integer, "Samples per second."),
        ("X-Channels", JsonSchemaType.Integer, "Always 1."),
        ("X-Seed", JsonSchemaType.Integer, "The seed that was used; with the same text and voice it gives the same sound."),
        ("X-Voice", JsonSchemaType.String, "The voice that was used."),
        ("X-Task-Id", JsonSchemaType.String, "The name of this speech."),
        ("X-AI-Generated", JsonSchemaType.String, "Always true; files say it as well."),
        ("X-Warning", JsonSchemaType.String, "What could be better about reference_audio; one header for each thing."),
        ("X-Cache", JsonSchemaType.String, "hit: the sound was made for an earlier request; miss: for this one. Only where the server keeps sounds and the request names a seed."),
        ("X-Speech-Check", JsonSchemaType.String, "Of a whole sound: ok; mended=1: that segment looked wrong and was made again; doubtful=2: that one looks wrong still."),
        ("X-Request-Id", JsonSchemaType.String, "The name of this request in the server's log."),
    ];

    public static void DescribeErrors(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Produces<ErrorBody>(status);
        }
    }

    /// <summary>An operation that takes fields as JSON.</summary>
    public static void DescribeBody(this RouteHandlerBuilder endpoint, IReadOnlyList<Field> fields) => endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.RequestBody = BodyOf(fields, formToo: false);
        return Task.CompletedTask;
    });

    /// <summary>An operation that takes fields and answers with sound.</summary>
    public static void DescribeSpeech(this RouteHandlerBuilder endpoint, IReadOnlyList<Field> fields, bool formToo)
    {
        endpoint.DescribeErrors(400, 413, 415, 429, 500, 503);
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = BodyOf(fields, formToo);
            operation.Responses ??= [];
            operation.Responses["200"] = Sound();
            if (operation.Responses.TryGetValue("429", out var busy) && busy is OpenApiResponse described)
            {
                described.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = Header(JsonSchemaType.Integer, "Seconds until asking again is worth it."),
                };
            }

            return Task.CompletedTask;
        });
    }

    private static OpenApiRequestBody BodyOf(IReadOnlyList<Field> fields, bool formToo)
    {
        string[] types = formToo ? [RequestBody.Json, RequestBody.UrlEncoded, RequestBody.Multipart] : [RequestBody.Json];
        return new OpenApiRequestBody
        {
            Required = true,
            Content = types.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = SchemaOf(fields) }),
        };
    }

    private static OpenApiSchema SchemaOf(IReadOnlyList<Field> fields) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Required = fields.Where(field => field.Required).Select(field => field.Name).ToHashSet(),
        Properties = fields.ToDictionary(field => field.Name, SchemaOf),
    };

    private static IOpenApiSchema SchemaOf(Field field) => new OpenApiSchema
    {
        Type = field.Type switch
        {
            FieldType.Number => JsonSchemaType.Number,
            FieldType.Integer => JsonSchemaType.Integer,
            FieldType.Flag => JsonSchemaType.Boolean,
            FieldType.Reference => JsonSchemaType.String | JsonSchemaType.Object,
            _ => JsonSchemaType.String,
        },
        Description = field.Description,
        Minimum = field.Minimum?.ToString(CultureInfo.InvariantCulture),
        Maximum = field.Maximum?.ToString(CultureInfo.InvariantCulture),
        Default = field.Default is null ? null : JsonNode.Parse(field.Default),
        Enum = field.Values is null ? null : [.. field.Values.Select(value => (JsonNode)value)],
    };

    private static OpenApiResponse Sound()
    {
        IOpenApiSchema Binary() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
        return new OpenApiResponse
        {
            Description = "The sound, mono, in the format that was asked for.",
            Headers = SpeechHeaders.ToDictionary(header => header.Name, header => Header(header.Type, header.Description)),
            Content = Enum.GetValues<AudioFormat>().ToDictionary(format => format.ContentType(), _ => new OpenApiMediaType { Schema = Binary() }),
        };
    }

    private static IOpenApiHeader Header(JsonSchemaType type, string description) => new OpenApiHeader
    {
        Description = description,
        Schema = new OpenApiSchema { Type = type },
    };
}
