using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CosyOrleans.Frontend.ElevenLabs;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Frontend.Tests.WebSockets;
using CosyOrleans.Service.Alignment;
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
    [InlineData("pcm_24000", 48)]
    [InlineData("ulaw_8000", 8)]
    public async Task Talk_SyncAlignment_EveryMessageHasTheTimesOfItsCharacters(string format, int bytesOfMillisecond)
    {
        using var client = await ConnectAsync($"ben/stream-input?output_format={format}&seed=6&sync_alignment=true");
        await client.SendAsync(new { text = "One two. Thr" });
        await client.SendAsync(new { text = "ee four", flush = true });
        var messages = new List<JsonElement>();
        for (var i = 0; i < 2; i++) // Flushed: told before the text goes on.
        {
            messages.Add((await client.ReadAsync()).Event!.Value);
        }

        await client.SendAsync(new { text = "你 ok" });
        await client.SendAsync(new { text = "" });
        for (var message = (await client.ReadAsync()).Event!.Value; message.GetProperty("audio").ValueKind == JsonValueKind.String; message = (await client.ReadAsync()).Event!.Value)
        {
            messages.Add(message);
        }

        if (messages[^1].GetProperty("alignment").ValueKind == JsonValueKind.Null) // What resampling held back.
        {
            Assert.InRange(messages[^1].GetProperty("audio").GetBytesFromBase64().Length, 1, 10 * bytesOfMillisecond);
            messages.RemoveAt(messages.Count - 1);
        }

        Assert.Equal(["One two.", "Three four", "你 ok"], messages.Select(message => string.Concat(Alignment(message).Characters)));
        Assert.All(messages, message =>
        {
            var (characters, starts, durations) = Alignment(message);
            var milliseconds = message.GetProperty("audio").GetBytesFromBase64().Length / bytesOfMillisecond;
            Assert.InRange(milliseconds, 190, 210); // A word of this model is 100 ms long; resampling holds a little back.
            Assert.Equal((characters.Length, characters.Length), (starts.Length, durations.Length));
            Assert.Equal(0, starts[0]); // Of the message, not of the speech.
            Assert.Equal(starts.Skip(1), starts.Zip(durations, (start, duration) => start + duration).SkipLast(1));
            Assert.InRange(durations.Sum(), 199, 201);
            Assert.All(durations, duration => Assert.InRange(duration, 0, 199));
            Assert.Equal(message.GetProperty("alignment").GetRawText(), message.GetProperty("normalizedAlignment").GetRawText());
        });
    }

    [Fact]
    public async Task Talk_WithoutSyncAlignment_SoundIsNotHeldBack()
    {
        using var client = await ConnectAsync("ben/stream-input?output_format=pcm_24000");
        await client.SendAsync(new { text = "One two " }); // No segment has ended.
        var message = (await client.ReadAsync()).Event!.Value;
        Assert.NotEmpty(message.GetProperty("audio").GetBytesFromBase64());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("alignment").ValueKind);
    }

    [Fact]
    public async Task Add_LongSegment_IsSentInSeveralMessagesThatShareItsTimes()
    {
        List<JsonElement> messages = [];
        var sound = new ElevenLabsSound(message =>
        {
            messages.Add(JsonDocument.Parse(message).RootElement);
            return ValueTask.CompletedTask;
        })
        {
            IsTimed = true,
        };
        await sound.AddAsync(new byte[1_000_000]);
        await sound.SaidAsync(new SpokenSegment(0, "ab cd", 0, 10, [new SpokenSpan("ab", 0, 4), new SpokenSpan("cd", 6, 10)]), 10);

        Assert.Equal(1_000_000, messages.Sum(message => message.GetProperty("audio").GetBytesFromBase64().Length));
        Assert.All(messages, message => Assert.InRange(message.GetRawText().Length, 1, 1024 * 1024));
        Assert.Equal(["ab", " c", "d"], messages.Select(message => string.Concat(Alignment(message).Characters)));
        Assert.Equal(10_000, messages.Sum(message => Alignment(message).Durations.Sum()));
    }

    [Theory]
    [InlineData("nobody/stream-input?output_format=pcm_24000", "voice_unknown")]
    [InlineData("ben/stream-input?output_format=ulaw_16000", "request_invalid")]
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

    private static (string[] Characters, int[] Starts, int[] Durations) Alignment(JsonElement message)
    {
        var alignment = message.GetProperty("alignment");
        int[] Numbers(string name) => [.. alignment.GetProperty(name).EnumerateArray().Select(number => number.GetInt32())];
        return ([.. alignment.GetProperty("chars").EnumerateArray().Select(character => character.GetString()!)], Numbers("charStartTimesMs"), Numbers("charDurationsMs"));
    }

    private Task<TalkingClient> ConnectAsync(string path) => TalkingClient.ConnectAsync(server, $"/v1/text-to-speech/{path}");
}
