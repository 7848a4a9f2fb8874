using System.Net;
using CosyOrleans.Service.Nodes;
using CosyVoice.Engine;

namespace CosyOrleans.Frontend.Tests.Speech;

public sealed class OpenAiSpeechApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    private const string Text = "One two three.";

    [Theory]
    [InlineData("tts-1")]
    [InlineData("gpt-4o-mini-tts")]
    [InlineData("tone")]
    public async Task Post_UsualRequest_SendsAWholeWav(string model)
    {
        var response = await server.PostAsync(
            "/v1/audio/speech", new { model, input = Text, voice = "ben", seed = 3, instructions = "" });

        Assert.Equal("audio/wav", response.Content.Headers.ContentType?.ToString());
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "ben", 3, streaming: false)), body[44..]);
    }

    [Fact]
    public async Task Post_PcmAndVoiceObject_StreamsSamples()
    {
        var response = await server.PostAsync(
            "/v1/audio/speech",
            new { input = Text, voice = new { id = "ben" }, response_format = "pcm", seed = 3, speed = 2, stream_format = "audio" });

        Assert.Equal("audio/pcm", response.Content.Headers.ContentType?.ToString());
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "ben", 3, speed: 2)), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Post_Instructions_SpeaksAsTheySay()
    {
        var response = await server.PostAsync(
            "/v1/audio/speech", new { input = Text, voice = "ben", seed = 7, response_format = "pcm", instructions = "Like a pirate." });

        var input = new SpeechInput(server.Model.Prepare(Text), "ben", 7, 1, Streaming: true) { Mode = SpeechMode.Instruct, Instruction = "Like a pirate." };
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(input)), await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("mp3")]
    [InlineData("opus")]
    [InlineData("aac")]
    [InlineData("flac")]
    public async Task Post_FormatOfLater_NamesWhatIsOffered(string format)
    {
        var response = await server.PostAsync(
            "/v1/audio/speech", new { input = Text, voice = "amy", response_format = format });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        (var code, var message, var solution) = await CosyServer.ErrorAsync(response);
        Assert.Equal("NOT_OFFERED", code);
        Assert.Contains(format, message);
        Assert.Contains("wav or pcm", solution);
    }
}
