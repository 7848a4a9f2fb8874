using System.Net.Http.Json;
using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Cli;

/// <summary>The voices of a running server.</summary>
internal sealed class ServerVoices : IVoiceDesk
{
    private readonly HttpClient _client;
    private readonly TextWriter _output;

    public ServerVoices(string url, TextWriter output)
    {
        _output = output;
        _client = Uri.TryCreate($"{url.TrimEnd('/')}/v1/audio/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? new HttpClient { BaseAddress = address }
            : throw new SpeechException(
                SpeechErrorKind.Invalid, SpeechErrorCodes.RequestInvalid, $"{Quoted.Value(url)} is no address of a server.", "Give one such as http://127.0.0.1:8080.");
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        foreach (var voice in Voices(await SendAsync(HttpMethod.Get, "voices", null, cancellationToken)))
        {
            await _output.WriteLineAsync(Line(voice));
        }
    }

    public async Task ImportAsync(string name, byte[] content, VoiceChoice choice, CancellationToken cancellationToken)
    {
        foreach (var voice in await PostAsync("file", name, content, [("voice", choice.Voice), ("id", choice.Id)], cancellationToken))
        {
            await _output.WriteLineAsync(VoiceLine.Saved(Text(voice, "id"), voice.GetProperty("version").GetInt32()));
        }
    }

    public async Task AddAsync(string name, byte[] recording, VoiceProfile described, CancellationToken cancellationToken)
    {
        (string Name, string? Value)[] fields =
        [
            ("id", described.Id), ("name", described.Name), ("owner", described.Owner), ("transcript", described.Transcript), ("consent", described.Consent),
        ];
        foreach (var voice in await PostAsync("recording", name, recording, fields, cancellationToken))
        {
            await _output.WriteLineAsync(VoiceLine.Saved(Text(voice, "id"), voice.GetProperty("version").GetInt32()));
            foreach (var warning in voice.GetProperty("report").GetProperty("warnings").EnumerateArray())
            {
                await _output.WriteLineAsync(VoiceLine.Warning(Text(warning, "message"), Text(warning, "solution")));
            }
        }
    }

    public async Task ShowAsync(string id, CancellationToken cancellationToken)
    {
        var voice = await SendAsync(HttpMethod.Get, PathOf(id), null, cancellationToken);
        var report = voice.TryGetProperty("report", out var found) ? found : (JsonElement?)null;
        var sheet = new VoiceSheet(Line(voice))
        {
            Owner = Known(voice, "owner"),
            Created = voice.TryGetProperty("created", out var created) ? created.GetDateTimeOffset() : null,
            Modes = voice.TryGetProperty("modes", out var modes) ? [.. modes.EnumerateArray().Select(mode => mode.GetString() ?? "")] : [],
            Transcript = Known(voice, "transcript"),
            Consent = Known(voice, "consent"),
            Recording = report is { } of ? (of.GetProperty("seconds").GetDouble(), of.GetProperty("sample_rate").GetInt32(), of.GetProperty("snr_db").GetDouble()) : null,
            Warnings = [.. (report?.GetProperty("warnings").EnumerateArray() ?? []).Select(warning => (Text(warning, "message"), Text(warning, "solution")))],
        };
        foreach (var line in sheet.Lines())
        {
            await _output.WriteLineAsync(line);
        }
    }

    public async Task UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        using var body = JsonContent.Create(new { id = change.Id, name = change.Name, owner = change.Owner, consent = change.Consent });
        var changed = await SendAsync(HttpMethod.Patch, PathOf(id), body, cancellationToken);
        await _output.WriteLineAsync(VoiceLine.Saved(Text(changed, "id"), changed.GetProperty("version").GetInt32()));
    }

    public async Task<byte[]> ExportAsync(string id, CancellationToken cancellationToken) => await SendAsync(
        HttpMethod.Get, $"{PathOf(id)}/file", null, (bytes, succeeded) => succeeded ? bytes : throw Refused(Json(bytes)), cancellationToken);

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Delete, PathOf(id), null, cancellationToken);
        await _output.WriteLineAsync(VoiceLine.Deleted(id));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The voices that were saved.</summary>
    private async Task<IEnumerable<JsonElement>> PostAsync(
        string field, string fileName, byte[] file, IEnumerable<(string Name, string? Value)> fields, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new ByteArrayContent(file), field, fileName);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                form.Add(new StringContent(value), name);
            }
        }

        return Voices(await SendAsync(HttpMethod.Post, "voices", form, cancellationToken));
    }

    private Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) => SendAsync(
        method, path, content, (bytes, succeeded) => succeeded ? Json(bytes) : throw Refused(Json(bytes)), cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, Func<byte[], bool, T> read, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _client.SendAsync(request, cancellationToken);
            return read(await response.Content.ReadAsByteArrayAsync(cancellationToken), response.IsSuccessStatusCode);
        }
        catch (Exception e) when (IsNoAnswer(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady, "SERVER_NOT_REACHED", $"{_client.BaseAddress!.Authority} does not answer as this server does: {e.Message.TrimEnd('.')}.",
                "Start it with cosy serve, or give another address with --url.", e);
        }
    }

    private static JsonElement Json(byte[] answer)
    {
        using var body = answer.Length == 0 ? null : JsonDocument.Parse(answer);
        return body?.RootElement.Clone() ?? default;
    }

    private static SpeechException Refused(JsonElement answer) =>
        new(SpeechErrorKind.Invalid, Text(answer, "error"), Text(answer, "message"), Text(answer, "solution"));

    // Including its taking longer than the client waits, and answers of some other program.
    private static bool IsNoAnswer(Exception e) =>
        e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException;

    private static IEnumerable<JsonElement> Voices(JsonElement answer) => answer.GetProperty("voices").EnumerateArray();

    private static string PathOf(string id) => $"voices/{Uri.EscapeDataString(id)}";

    private static string Line(JsonElement voice)
    {
        int? version = voice.TryGetProperty("version", out var number) ? number.GetInt32() : null;
        return VoiceLine.Of(Text(voice, "id"), version, Text(voice, "model"), Text(voice, "name"));
    }

    private static string? Known(JsonElement voice, string name) => voice.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
