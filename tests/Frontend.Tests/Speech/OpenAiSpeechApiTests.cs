using CosyOrleans.Service.Formats;
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
    public async Task Post_Wav_SendsAWholeFile(string model)
    {
        var response = await server.PostAsync(
            "/v1/audio/speech", new { model, input = Text, voice = "ben", seed = 3, instructions = "", response_format = "wav" });

        Assert.Equal("audio/wav", response.Content.Headers.ContentType?.ToString());
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(CosyServer.Bytes(server.Model.Expected(Text, "ben", 3, streaming: false)), body[WavHeader.Length..]);
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
}
