using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Frontend.Tests.Clients;

public sealed class OtherClientsTests(CosyServer server) : IClassFixture<CosyServer>
{
    private const int Bytes = 3 * 2400 * 2;

    [NpmFact]
    public async Task OpenAiPackage_Unmodified_FindsWhatItExpects()
    {
        var found = await NpmClients.RunAsync("openai.mjs", server.Client.BaseAddress!.ToString(), Ffprobe.WhyNot is null ? "mp3" : "");

        Assert.Equal(Ffprobe.WhyNot is null, found.TryGetProperty("mp3", out var mp3) && mp3.GetBoolean());
        Assert.Equal("RIFF", found.GetProperty("wav").GetString());
        Assert.Equal((Bytes, Bytes), (found.GetProperty("pcm").GetInt32(), found.GetProperty("sse").GetInt32()));
        Assert.Equal(
            """{"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":3,"total_tokens":17}}""", found.GetProperty("done").GetRawText());
        var error = found.GetProperty("error");
        Assert.Equal(
            ("BadRequestError", 400, "VOICE_UNKNOWN", "invalid_request_error"),
            (error.GetProperty("kind").GetString(), error.GetProperty("status").GetInt32(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
        Assert.Contains("There is no voice 'nobody'", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["tone"], found.GetProperty("models").EnumerateArray().Select(model => model.GetString()));
        var created = found.GetProperty("created");
        Assert.Equal(("audio.voice", "Ann"), (created.GetProperty("object").GetString(), created.GetProperty("name").GetString()));
        Assert.Contains(created.GetProperty("id").GetString(), found.GetProperty("voices").EnumerateArray().Select(voice => voice.GetString()));
    }

    [NpmFact]
    public async Task ElevenLabsPackage_Unmodified_FindsWhatItExpects()
    {
        var found = await NpmClients.RunAsync("elevenlabs.mjs", server.Client.BaseAddress!.ToString());

        Assert.Equal((Bytes, Bytes), (found.GetProperty("convert").GetInt32(), found.GetProperty("stream").GetInt32()));
        var error = found.GetProperty("error");
        Assert.Equal((400, "voice_unknown"), (error.GetProperty("status").GetInt32(), error.GetProperty("detail").GetProperty("status").GetString()));
        Assert.Equal($$"""{"bytes":{{Bytes}},"final":true,"code":1000}""", found.GetProperty("socket").GetRawText());
    }
}
