using System.Security.Cryptography;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.OpenApi;

namespace CosyOrleans.Frontend.Catalogue;

/// <summary>A file with voices, or a recording to make one from, and what belongs to them, as a multipart form.</summary>
/// <param name="Described">What the fields say of the voices; name and model kind are empty where they do not.</param>
/// <param name="Choice">Which of a file's voices are taken, and under which id.</param>
/// <param name="FileName">Without a folder.</param>
internal sealed record VoiceForm(VoiceProfile Described, VoiceChoice Choice, bool IsRecording, string FileName, ReadOnlyMemory<byte> Content)
{
    // The file, and around it fields and boundaries.
    private const int MaxBytes = VoiceFile.MaxBytes + (64 * 1024);

    private const string VoicesFile = "file";
    private const string Recording = "recording";
    private const string AudioSample = "audio_sample";

    // What only a file of voices leaves open.
    private static readonly string[] NotOfRecordings = ["voice", "model_kind"];

    private static readonly (string Name, string Description)[] Fields =
    [
        ("voice", "Which voice of the file to take, by the id that it has there; all when left out."),
        ("id", $"Of one voice: 1 to {VoiceRules.MaxIdLength} of A-Z a-z 0-9 . _ -. When left out what the file says, or its name without the ending."),
        ("name", "Of one voice, what people read; the id when left out."),
        ("owner", "Whose voice this is in the catalogue."),
        ("transcript", "What is said in the recording, word for word. Without it the voice is less alike."),
        ("consent", "The words in which the person whose voice this is agreed to its use."),
        ("model_kind", $"The kind of model the voice was made for; when left out what the file says, or {VoiceProfile.DefaultModelKind}."),
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
                    OneOf = [.. new[] { VoicesFile, Recording }.Select(file => new OpenApiSchema { Required = new HashSet<string> { file } })],
                    Properties = Fields
                        .Select(entry => (entry.Name, Schema: new OpenApiSchema { Type = JsonSchemaType.String, Description = entry.Description }))
                        .Append(File(VoicesFile, "spk2info.pt, or a .safetensors file of one voice; one that was exported says itself what the other fields do, which count more."))
                        .Append(File(
                            Recording,
                            "Instead of a file of voices: 1 to 30 seconds of one person speaking, best 3 to 15, at 16 kHz or more. WAV, or where ffmpeg is installed anything that it reads."))
                        .ToDictionary(entry => entry.Name, entry => (IOpenApiSchema)entry.Schema),
                },
            },
        },
    };

    /// <summary>Whether it is the form of OpenAI's clients: the recording is called audio_sample, and the server makes the id.</summary>
    public bool IsOpenAi { get; private init; }

    /// <summary>The voices of a file, which keep <see cref="VoiceRules"/>.</summary>
    /// <exception cref="SpeechException">The file holds no usable voices.</exception>
    public IReadOnlyList<VoiceProfile> ReadVoices() => VoiceFile.Read(FileName, Content.Span, Choice, Described);

    /// <exception cref="RequestException">The body cannot be read, or has other fields.</exception>
    public static async Task<VoiceForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var form = await ReadFormAsync(request, cancellationToken);
        if (form.Files.Count != 1 || form.Files[0].Name is not (VoicesFile or Recording or AudioSample))
        {
            throw RequestException.Malformed(
                $"One file is expected, in the field '{VoicesFile}' or '{Recording}'.", $"Send {VoicesFile} or {Recording}, and where you like {FieldNames(Fields)}.");
        }

        var file = form.Files[0];
        var isOpenAi = file.Name == AudioSample;
        var isRecording = isOpenAi || file.Name == Recording;
        var known = Fields.Where(field => !isRecording || !NotOfRecordings.Contains(field.Name)).ToArray();
        if (form.Keys.FirstOrDefault(key => known.All(field => field.Name != key)) is { } unknown)
        {
            var isVoices = Fields.Any(field => field.Name == unknown);
            throw RequestException.Malformed(
                $"The field {Quoted.Value(unknown)} is {(isVoices ? "not for recordings" : "unknown")}.", $"Send {file.Name}, and where you like {FieldNames(known)}.");
        }

        using var content = new MemoryStream();
        await file.CopyToAsync(content, cancellationToken);
        var described = new VoiceProfile
        {
            Id = Given("id") ?? (isOpenAi ? $"voice_{RandomNumberGenerator.GetHexString(24, lowercase: true)}" : null) ?? Path.GetFileNameWithoutExtension(file.FileName),
            Name = Given("name") ?? (isRecording ? Given("id") ?? Path.GetFileNameWithoutExtension(file.FileName) : ""),
            Owner = Given("owner"),
            Transcript = Given("transcript"),
            Consent = Given("consent"),
            ModelKind = Given("model_kind") ?? (isRecording ? VoiceProfile.DefaultModelKind : ""),
            Content = new Speaker { Id = "", Embedding = [] },
        };
        return new VoiceForm(
            described, new VoiceChoice(Given("voice"), Given("id")), isRecording, Path.GetFileName(file.FileName), content.GetBuffer().AsMemory(0, (int)content.Length))
        {
            IsOpenAi = isOpenAi,
        };

        string? Given(string name) => form[name].ToString() is { Length: > 0 } value ? value : null;
    }

    private static string FieldNames((string Name, string Description)[] fields) => string.Join(", ", fields.Select(field => field.Name));

    private static (string Name, OpenApiSchema Schema) File(string name, string description) =>
        (name, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = description });

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
        {
            throw RequestException.MediaType("A file is expected as a multipart form.", $"Send {RequestBody.Multipart}, with the file in the field 'file'.");
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBytes;
        try
        {
            request.ChargeBody();
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
