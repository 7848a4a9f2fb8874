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
            int? version = voice.TryGetProperty("version", out var number) ? number.GetInt32() : null;
            await _output.WriteLineAsync(VoiceLine.Of(Text(voice, "id"), version, Text(voice, "model"), Text(voice, "name")));
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

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await SendAsync(HttpMethod.Delete, $"voices/{Uri.EscapeDataString(id)}", null, cancellationToken);
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

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _client.SendAsync(request, cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            using var body = bytes.Length == 0 ? null : JsonDocument.Parse(bytes);
            var answer = body?.RootElement.Clone() ?? default;
            return response.IsSuccessStatusCode
                ? answer
                : throw new SpeechException(SpeechErrorKind.Invalid, Text(answer, "error"), Text(answer, "message"), Text(answer, "solution"));
        }
        catch (Exception e) when (IsNoAnswer(e) && !cancellationToken.IsCancellationRequested)
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady, "SERVER_NOT_REACHED", $"{_client.BaseAddress!.Authority} does not answer as this server does: {e.Message.TrimEnd('.')}.",
                "Start it with cosy serve, or give another address with --url.", e);
        }
    }

    // Including its taking longer than the client waits, and answers of some other program.
    private static bool IsNoAnswer(Exception e) =>
        e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException;

    private static IEnumerable<JsonElement> Voices(JsonElement answer) => answer.GetProperty("voices").EnumerateArray();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
