using System.Net.WebSockets;
using System.Text;
using CosyOrleans.Frontend.ElevenLabs;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Tests.WebSockets;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Frontend.Tests.ElevenLabs;

public sealed class ElevenLabsSocketTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Talk_TextInPieces_IsHeardAndTheConnectionCloses()
    {
        using var client = await ConnectAsync("ben/stream-input?output_format=pcm_24000&seed=6");
        await client.SendAsync(new { text = " ", voice_settings = new { stability = 0.5, speed = 1.0 }, generation_config = new { chunk_length_schedule = new[] { 120 } } });
        await client.SendAsync(new { text = "One t" });
        await client.SendAsync(new { text = "wo. " });
        await client.SendAsync(new { text = "" });
        using var sound = new MemoryStream();
        var (message, _) = await client.ReadAsync();
        for (; message is { } part && !part.GetProperty("isFinal").ValueKind.Equals(System.Text.Json.JsonValueKind.True); (message, _) = await client.ReadAsync())
        {
            sound.Write(part.GetProperty("audio").GetBytesFromBase64());
        }

        Assert.Equal(CosyServer.Bytes(server.Model.ExpectedWritten(" One two. ", "ben", 7)), sound.ToArray());
        Assert.Equal((null, null), await client.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Theory]
    [InlineData("nobody/stream-input?output_format=pcm_24000", "voice_unknown")]
    [InlineData("ben/stream-input?output_format=ulaw_8000", "request_invalid")]
    [InlineData("ben/stream-input?output_format=pcm_", "request_invalid")]
    public async Task Talk_Wrong_SaysSoAndCloses(string path, string error)
    {
        using var client = await ConnectAsync(path);
        await client.SendAsync(new { text = "One." });
        await client.SendAsync(new { text = "" });
        var (message, _) = await client.ReadAsync();
        Assert.Equal((error, 1008), (message!.Value.GetProperty("error").GetString(), message.Value.GetProperty("code").GetInt32()));
        Assert.Equal((null, null), await client.ReadAsync());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.Socket.CloseStatus);
    }

    [Fact]
    public void Read_AnyBytes_AreAMessageOrAReason()
    {
        var random = new Random(13);
        var good = """{"text":"One \u4f60","flush":true,"voice_settings":{"speed":1.1},"generation_config":{"chunk_length_schedule":[1]}}"""u8.ToArray();
        for (var round = 0; round < 10_000; round++)
        {
            var message = good.ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            try
            {
                ElevenLabsMessages.Read(message.AsMemory(0, random.Next(10) == 0 ? random.Next(message.Length) : message.Length));
            }
            catch (Exception e) when (e is RequestException or SpeechException)
            {
                // A reason.
            }
        }

        Assert.Equal(new ElevenLabsMessage("One 你", true, 1.1), ElevenLabsMessages.Read(good));
        Assert.Throws<SpeechException>(() => ElevenLabsMessages.Read(Encoding.UTF8.GetBytes("{}")));
    }

    private Task<TalkingClient> ConnectAsync(string path) => TalkingClient.ConnectAsync(server, $"/v1/text-to-speech/{path}");
}
