using System.Buffers.Binary;
using System.Net;
using System.Text;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyOrleans.Frontend.Tests.Speech;

public sealed class TtsApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    private const string Text = "One two three. Four five.";

    [Fact]
    public async Task Post_Json_StreamsSamples()
    {
        var response = await server.PostAsync(
            "/tts", new { text = Text, speaker_id = "ben", seed = 7, task_id = "chapter-1" });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("audio/pcm", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("24000", Header(response, "X-Sample-Rate"));
        Assert.Equal("1", Header(response, "X-Channels"));
        Assert.Equal("7", Header(response, "X-Seed"));
        Assert.Equal("ben", Header(response, "X-Voice"));
        Assert.Equal("chapter-1", Header(response, "X-Task-Id"));
        Assert.Equal("true", Header(response, "X-AI-Generated"));
        Assert.NotEmpty(Header(response, "X-Request-Id"));
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "ben", 7)), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_ReferenceAudio_SpeaksInItsVoiceAndWarns()
    {
        var recording = new byte[1_500_000]; // More than other requests may have.
        var response = await server.PostAsync("/tts", new { text = Text, mode = "zero_shot", reference_audio = recording, reference_text = "Hm.", seed = 7 });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("reference-", Header(response, "X-Voice"));
        Assert.Equal("It is short. Speak on.", Header(response, "X-Warning"));
        var made = (await server.Model.EnrolAsync(Header(response, "X-Voice"), recording, "Hm.", default)).Speaker;
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "reference", 7, speaker: made)), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_Conversion_SaysWhatTheSourceSays()
    {
        var response = await server.PostAsync("/tts", new { mode = "vc", source_audio = new byte[40], reference_audio = new byte[20], seed = 7 });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(4 * server.Model.ChunkSamples * sizeof(short), (await response.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task Post_FormWithInstruction_SpeaksAsItSays()
    {
        var form = new FormUrlEncodedContent([new("text", Text), new("seed", "7"), new("speaker_id", "ben"), new("emotion", "happy")]);

        var response = await server.Client.PostAsync("/tts", form);

        var input = new SpeechInput(server.Model.Prepare(Text), "ben", 7, 1, Streaming: true) { Mode = SpeechMode.Instruct, Instruction = "请非常开心地说一句话。" };
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(input)), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Post_StreamFalse_SendsAWholeWav(int times)
    {
        var text = string.Concat(Enumerable.Repeat(Text, times));

        var response = await server.PostAsync("/tts", new { text, seed = 7, stream = false });

        var samples = CosyServer.Bytes(server.Model.Expected(text, "amy", 7, streaming: false));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal("audio/wav", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(samples.Length + WavHeader.Length, response.Content.Headers.ContentLength);
        Assert.Equal(samples, body[WavHeader.Length..]);
        AssertWav(body, (uint)samples.Length);
    }

    [Fact]
    public async Task Post_StreamedWav_SaysThatItsLengthIsNotKnown()
    {
        var response = await server.PostAsync("/tts", new { text = Text, seed = 7, format = "wav" });

        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "amy", 7)), body[WavHeader.Length..]);
        AssertWav(body, uint.MaxValue);
    }

    [Fact]
    public async Task Post_WholePcm_HasItsLengthAndNoHeader()
    {
        var response = await server.PostAsync("/tts", new { text = Text, seed = 7, format = "pcm", stream = false });

        var samples = CosyServer.Bytes(server.Model.Expected(Text, "amy", 7, streaming: false));
        Assert.Equal(samples.Length, response.Content.Headers.ContentLength);
        Assert.Equal(samples, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_Forms_AreReadLikeJson()
    {
        Dictionary<string, string> fields = new()
        {
            ["text"] = Text,
            ["audio_path"] = "ben",
            ["seed"] = "7",
            ["speed"] = "1.5",
            ["stream"] = "true",
            ["task_id"] = "",
        };
        var expected = CosyServer.Bytes(server.Model.Expected(Text, "ben", 7, speed: 1.5));
        using var multipart = new MultipartFormDataContent();
        foreach ((var name, var value) in fields)
        {
            multipart.Add(new StringContent(value), name);
        }

        foreach (var form in new HttpContent[] { new FormUrlEncodedContent(fields), multipart })
        {
            var response = await server.Client.PostAsync("/tts", form);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(expected, await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Post_ByteOrderMarkAndNulls_AreFine()
    {
        const string Json = """{"text": "Ωne two.", "speed": null, "seed": 1, "emotion": "neutral"}""";
        byte[] body = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Json)];
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json") { CharSet = "UTF-8" };

        var response = await server.Client.PostAsync("/tts", content);

        Assert.Equal(CosyServer.Bytes(server.Model.Expected("Ωne two.", "amy", 1)), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_NoSeed_NamesOneThatRepeatsTheSound()
    {
        var first = await server.PostAsync("/tts", new { text = Text });
        var seed = int.Parse(Header(first, "X-Seed"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(seed, 1, 100_000_000);

        var second = await server.PostAsync("/tts", new { text = Text, seed });

        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_ManyAtOnce_NobodyHearsAnother()
    {
        await Task.WhenAll(Enumerable.Range(1, 40).Select(async seed =>
        {
            var text = $"Listener {seed} hears this.";
            var voice = seed % 2 == 0 ? "amy" : "ben";
            var response = await server.PostAsync("/tts", new { text, seed, speaker_id = voice });
            Assert.Equal(CosyServer.Bytes(server.Model.Expected(text, voice, seed)), await response.Content.ReadAsByteArrayAsync());
        }));
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static void AssertWav(byte[] body, uint dataBytes)
    {
        Assert.Equal("RIFF", Encoding.ASCII.GetString(body, 0, 4));
        Assert.Equal("WAVEfmt ", Encoding.ASCII.GetString(body, 8, 8));
        Assert.Equal("data", Encoding.ASCII.GetString(body, WavHeader.Length - 8, 4));
        Assert.Equal(dataBytes == uint.MaxValue ? dataBytes : dataBytes + (uint)WavHeader.Length - 8, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(4)));
        Assert.Equal(24000u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(24)));
        Assert.Equal(48000u, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(28)));
        Assert.Equal(dataBytes, BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(WavHeader.Length - 4)));
    }
}
