using System.Globalization;
using System.Security.Cryptography;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Requests;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Outbound;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>DashScope's voice enrolment: one address, and what is to be done is in the body.</summary>
internal static class DashScopeVoicesApi
{
    private const int MaxPrefixLength = 10;
    private const int MaxPageSize = 1000;
    private const int DefaultPageSize = 10;
    private const string Actions = "create_voice, list_voice, query_voice, update_voice or delete_voice";

    public static void MapDashScopeVoices(this IEndpointRouteBuilder app) => app.MapPost("/api/v1/services/audio/tts/customization", FollowAsync)
        .WithMetadata(DashScopeErrors.Dialect)
        .ExcludeFromDescription();

    private static async Task<IResult> FollowAsync(HttpRequest request, IVoices voices, PublicDownload download, CancellationToken cancellationToken)
    {
        var json = await RequestBody.ReadOpenAsync(request, cancellationToken);
        var input = json.In("input");
        if ((json.Text("model") ?? "voice-enrollment") is var model and not "voice-enrollment")
        {
            json.Wrong($"There is no model {Quoted.Value(model)} here.", "Give the model voice-enrollment.");
        }

        var output = input.Text("action") switch
        {
            "create_voice" => await CreateAsync(input, voices, download, cancellationToken),
            "list_voice" => await ListAsync(input, voices, cancellationToken),
            "query_voice" => await QueryAsync(input, voices, cancellationToken),
            "update_voice" => await UpdateAsync(input, voices, download, cancellationToken),
            "delete_voice" => await DeleteAsync(input, voices, cancellationToken),
            var action => throw RequestException.Malformed($"input.action {Quoted.Value(action ?? "")} is unknown.", $"Give the action {Actions}."),
        };
        return TypedResults.Json(new { output, usage = new { count = 1 }, request_id = request.HttpContext.TraceIdentifier });
    }

    private static async Task<object> CreateAsync(OpenJson input, IVoices voices, PublicDownload download, CancellationToken cancellationToken)
    {
        var target = Required(input, "target_model");
        var prefix = Required(input, "prefix");
        var url = Required(input, "url");
        if (prefix.Length > MaxPrefixLength || !prefix.All(c => char.IsAsciiDigit(c) || char.IsAsciiLetterLower(c)))
        {
            input.Wrong($"input.prefix {Quoted.Value(prefix)} cannot be used.", $"Give 1 to {MaxPrefixLength} digits and small letters.");
        }

        var id = $"{target}-{prefix}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        if (target.Length > 0 && !VoiceRules.IsId(id))
        {
            input.Wrong($"input.target_model {Quoted.Value(target)} cannot be part of a voice's id.", "Give the name of a model, such as cosyvoice-v2: letters, digits, '.', '_' and '-'.");
        }

        input.ThrowIfWrong();
        await EnrolAsync(id, prefix, url, voices, download, cancellationToken);
        return new { voice_id = id };
    }

    private static async Task<object> UpdateAsync(OpenJson input, IVoices voices, PublicDownload download, CancellationToken cancellationToken)
    {
        var id = Required(input, "voice_id");
        var url = Required(input, "url");
        input.ThrowIfWrong();
        var voice = await FindAsync(id, voices, cancellationToken);
        await EnrolAsync(id, voice.Name, url, voices, download, cancellationToken);
        return new { };
    }

    private static async Task EnrolAsync(string id, string name, string url, IVoices voices, PublicDownload download, CancellationToken cancellationToken)
    {
        await voices.CheckEnrolmentAsync(cancellationToken); // Before anything is fetched for it.
        var recording = await download.FetchAsync(url, RequestRecording.MaxBytes, cancellationToken);
        var described = new VoiceProfile { Id = id, Name = name, ModelKind = VoiceProfile.DefaultModelKind, Content = new Speaker { Id = "", Embedding = [] } };
        await voices.EnrolAsync(described, recording, cancellationToken);
    }

    private static async Task<object> ListAsync(OpenJson input, IVoices voices, CancellationToken cancellationToken)
    {
        var prefix = input.Text("prefix");
        var page = (int)(input.Integer("page_index", 0, int.MaxValue / MaxPageSize) ?? 0);
        var size = (int)(input.Integer("page_size", 1, MaxPageSize) ?? DefaultPageSize);
        input.ThrowIfWrong();
        var listed = (await voices.ListAsync(cancellationToken))
            .Where(voice => !voice.BuiltIn && (string.IsNullOrEmpty(prefix) || voice.Id.Contains($"-{prefix}-", StringComparison.Ordinal)))
            .Skip(page * size).Take(size)
            .Select(voice => new { voice_id = voice.Id, gmt_create = Time(voice.Created), gmt_modified = Time(voice.Created), status = "OK" });
        return new { voice_list = listed.ToArray() };
    }

    private static async Task<object> QueryAsync(OpenJson input, IVoices voices, CancellationToken cancellationToken)
    {
        var id = Required(input, "voice_id");
        input.ThrowIfWrong();
        var voice = await FindAsync(id, voices, cancellationToken);
        return new { voice_id = id, target_model = voice.ModelKind, gmt_create = Time(voice.Created), gmt_modified = Time(voice.Created), resource_link = "", status = "OK" };
    }

    private static async Task<object> DeleteAsync(OpenJson input, IVoices voices, CancellationToken cancellationToken)
    {
        var id = Required(input, "voice_id");
        input.ThrowIfWrong();
        return await voices.DeleteAsync(id, cancellationToken) ? new { } : throw Unknown(id);
    }

    private static async Task<VoiceProfile> FindAsync(string id, IVoices voices, CancellationToken cancellationToken) =>
        await voices.FindAsync(id, null, cancellationToken) ?? throw Unknown(id);

    private static string Required(OpenJson input, string name)
    {
        var text = input.Text(name);
        if (string.IsNullOrEmpty(text))
        {
            input.Wrong($"input.{name} is missing.", $"Give input.{name}.");
        }

        return text ?? "";
    }

    private static string Time(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    private static RequestException Unknown(string id) => new(
        StatusCodes.Status404NotFound,
        new ErrorBody(SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(id)}.", "The action list_voice lists those there are."));
}
