using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.Tests.WebSockets;

public sealed class OpusSocketTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Talk_Opus_ComesAsPacketsOfTwentyMilliseconds()
    {
        if (OpusPackets.WhyNot() is not null)
        {
            return; // Without the library the next test says what happens.
        }

        using var client = await TalkingClient.ConnectAsync(server);
        for (var round = 0; round < 2; round++)
        {
            await client.SendAsync(new { type = "start", speaker_id = "ben", seed = 3, format = "opus", sample_rate = 16000, text = "One two." });
            await client.SendAsync(new { type = "buffer", milliseconds = 0 });
            await client.SendAsync(new { type = "end" });
            var started = await client.EventAsync("started");
            Assert.Equal(("opus", 16000), (started.GetProperty("format").GetString(), started.GetProperty("sample_rate").GetInt32()));
            Assert.InRange(started.GetProperty("pre_skip").GetInt32(), 1, 1000);
            var packets = 0;
            for (var (happened, packet) = await client.ReadAsync(); happened is null; (happened, packet) = await client.ReadAsync())
            {
                packets++;
                Assert.InRange(packet!.Length, 1, 1275);
            }

            Assert.InRange(packets, 10, 12); // 200 ms and what the codec holds back.
        }
    }

    [Fact]
    public async Task Talk_OpusThenPcm_EachSpeechHasItsOwnFormat()
    {
        using var client = await TalkingClient.ConnectAsync(server);
        await client.SendAsync(new { type = "start", format = "opus", sample_rate = 22050 });
        await client.SendAsync(new { type = "text", text = "One." });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("failed"); // The codec has no such rate, or there is no codec.
        await client.SendAsync(new { type = "start", speaker_id = "amy", seed = 1, text = "One two" });
        await client.SendAsync(new { type = "end" });
        await client.EventAsync("started");
        var (sound, _) = await client.SoundUntilAsync("finished");
        Assert.Equal(CosyServer.Bytes(server.Model.ExpectedWritten("One two", "amy", 1)), sound);
    }
}
