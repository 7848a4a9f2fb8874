using System.Text;

namespace CosyOrleans.Frontend.Tests.Errors;

/// <summary>Bodies of other protocols with anything changed: an answer, never a fault of the server.</summary>
public sealed class HostileProtocolTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Theory]
    [InlineData("/v1/text-to-speech/amy?output_format=pcm_24000", """{"text":"One.","model_id":"m","voice_settings":{"speed":1.1},"seed":3}""")]
    [InlineData("/v1/text-to-speech/amy/stream?output_format=pcm_8000", """{"text":"One.","seed":0}""")]
    [InlineData("/api/v1/services/audio/tts/SpeechSynthesizer", """{"model":"m","input":{"text":"One.","voice":"ben","format":"pcm","volume":50,"rate":1.0,"seed":1}}""")]
    [InlineData("/api/v1/services/audio/tts/customization", """{"model":"voice-enrollment","input":{"action":"create_voice","target_model":"m","prefix":"p","url":"http://127.0.0.1/x"}}""")]
    [InlineData("/api/v1/services/audio/tts/customization", """{"model":"voice-enrollment","input":{"action":"list_voice","page_index":1,"page_size":10}}""")]
    [InlineData("/v1/audio/speech", """{"model":"tts-1","input":"One.","voice":{"id":"amy"},"response_format":"pcm","stream_format":"sse"}""")]
    public async Task Post_MutatedBody_IsAnswered(string path, string good)
    {
        var random = new Random(14);
        for (var round = 0; round < 150; round++)
        {
            var body = Encoding.UTF8.GetBytes(good);
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            using var content = new ByteArrayContent(body, 0, random.Next(8) == 0 ? random.Next(body.Length) : body.Length);
            content.Headers.ContentType = new("application/json");
            using var response = await server.Client.PostAsync(path, content);
            Assert.True((int)response.StatusCode < 500, $"{response.StatusCode} for {Encoding.UTF8.GetString(body)}");
            await response.Content.ReadAsByteArrayAsync();
        }
    }

    [Theory]
    [InlineData("/inference_sft")]
    [InlineData("/inference_zero_shot?tts_text=%ff%fe&prompt_text=%00")]
    [InlineData("/inference_instruct2?tts_text=One.&instruct_text=%3C%7Cendofprompt%7C%3E")]
    [InlineData("/v1/text-to-speech/amy/stream-input")]
    [InlineData("/api-ws/v1/inference/")]
    public async Task Get_Hostile_IsRefused(string path)
    {
        using var response = await server.Client.GetAsync(path);
        Assert.InRange((int)response.StatusCode, 400, 499);
    }
}
