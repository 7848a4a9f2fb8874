using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>A file with voices and what belongs to them, as a multipart form.</summary>
internal static class VoiceForm
{
    // The file, and around it fields and boundaries.
    private const int MaxBytes = VoiceFile.MaxBytes + (64 * 1024);

    private static readonly (string Name, string Description)[] Fields =
    [
        ("voice", "Which voice of the file to take, by the id that it has there; all when left out."),
        ("id", $"Of one voice: 1 to {VoiceRules.MaxIdLength} of A-Z a-z 0-9 . _ -. When left out what the file says, or its name without the ending."),
        ("name", "Of one voice, what people read; the id when left out."),
        ("owner", "Whose voice this is in the catalogue."),
        ("transcript", "What is said in the recording that the voice was made from."),
        ("consent", "The words in which the person whose voice this is agreed to its use."),
        ("model_kind", $"The kind of model the voice was made for; {VoiceProfile.DefaultModelKind} when left out."),
    ];

    public static OpenApiRequestBody Description => new()
    {
        Required = true,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [RequestBody.Multipart] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Required = new HashSet<string> { "file" },
                    Properties = Fields
                        .Select(entry => (entry.Name, Schema: new OpenApiSchema { Type = JsonSchemaType.String, Description = entry.Description }))
                        .Append((Name: "file", Schema: new OpenApiSchema
                        {
                            Type = JsonSchemaType.String, Format = "binary", Description = "spk2info.pt, or a .safetensors file of one voice.",
                        }))
                        .ToDictionary(entry => entry.Name, entry => (IOpenApiSchema)entry.Schema),
                },
            },
        },
    };

    /// <exception cref="RequestException">The body as a whole cannot be read.</exception>
    /// <exception cref="SpeechException">The file holds no usable voices.</exception>
    public static async Task<IReadOnlyList<VoiceProfile>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var form = await ReadFormAsync(request, cancellationToken);
        var unknown = form.Keys.Where(key => Fields.All(field => field.Name != key)).ToArray();
        if (unknown.Length > 0 || form.Files.Count != 1 || form.Files[0].Name != "file")
        {
            throw RequestException.Malformed(
                unknown.Length > 0 ? $"The field {Quoted.Value(unknown[0])} is unknown." : "One file is expected, in the field 'file'.",
                $"Send file, and where you like {string.Join(", ", Fields.Select(field => field.Name))}.");
        }

        var file = form.Files[0];
        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        var described = new VoiceProfile
        {
            Id = "",
            Name = Given("name") ?? "",
            Owner = Given("owner"),
            Transcript = Given("transcript"),
            Consent = Given("consent"),
            ModelKind = Given("model_kind") ?? VoiceProfile.DefaultModelKind,
            Content = new Speaker { Id = "", Embedding = [] },
        };
        var choice = new VoiceChoice(Given("voice"), Given("id"));
        return VoiceFile.Read(Path.GetFileName(file.FileName), content.GetBuffer().AsSpan(0, (int)content.Length), choice, described);

        string? Given(string name) => form[name].ToString() is { Length: > 0 } value ? value : null;
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            throw RequestException.MediaType("A file is expected as a multipart form.", $"Send {RequestBody.Multipart}, with the file in the field 'file'.");
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;
        try
        {
            return await request.ReadFormAsync(
                new FormOptions { MultipartBodyLengthLimit = MaxBytes, ValueCountLimit = 16, ValueLengthLimit = 4 * VoiceRules.MaxTextLength }, cancellationToken);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RequestException(e.StatusCode, new ErrorBody(
                "REQUEST_TOO_LARGE", $"The file is larger than {VoiceFile.MaxBytes} bytes.", "Send its voices in several files."));
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw RequestException.Malformed(
                $"The form cannot be read: {e.Message.TrimEnd('.')}.", "Send a complete form, with the boundary that Content-Type names.");
        }
    }
}
