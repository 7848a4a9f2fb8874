namespace CosyOrleans.Frontend.Tests.DefaultVoice;

[Collection(nameof(DefaultVoiceCollection))]
public sealed class DefaultVoiceTests(DefaultVoiceServer server)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SameRequest_AloneAndAmongSevenOthers_IsIdentical(bool stream)
    {
        var request = new { text = "Hello there.", speaker_id = "eve", seed = 11, stream, format = "pcm" };
        var alone = await SpeakAsync(request);

        byte[][] others = [];
        byte[] again = [];
        await Task.WhenAll(
            Task.Run(async () => others = await Task.WhenAll(Enumerable.Range(1, 7).Select(seed =>
                SpeakAsync(new { text = seed % 2 == 0 ? "No." : "Yes, yes.", seed, speaker_id = "ben", stream, format = "pcm" })))),
            Task.Run(async () => again = await SpeakAsync(request)));

        Assert.True(alone.Length > 24000 / 5, $"{alone.Length} bytes are too short for two words.");
        Assert.Equal(alone, again);
        Assert.Equal(7, others.Select(Convert.ToBase64String).Distinct().Count());
    }

    [Fact]
    public async Task Seed_Voice_Speed_ChangeTheSound()
    {
        var usual = await SpeakAsync(new { text = "Hello.", speaker_id = "eve", seed = 1 });

        Assert.NotEqual(usual, await SpeakAsync(new { text = "Hello.", speaker_id = "eve", seed = 2 }));
        Assert.NotEqual(usual, await SpeakAsync(new { text = "Hello.", speaker_id = "ben", seed = 1 }));
        Assert.True((await SpeakAsync(new { text = "Hello.", speaker_id = "eve", seed = 1, speed = 2 })).Length < usual.Length);
    }

    [Fact]
    public async Task Enrolment_IsNotAvailableAndSaysWhy()
    {
        var answer = await server.Client.GetStringAsync("/v1/audio/enrolment");

        Assert.StartsWith("""{"available":false,"min_seconds":1,"max_seconds":30,"message":"This model cannot make voices from recordings: campplus.onnx""", answer);
        Assert.Contains("\"solution\":\"Put campplus.onnx", answer);
    }

    [Theory]
    [InlineData("…")]
    [InlineData("<||>")]
    public async Task NothingToSpeak_IsRefused(string text) =>
        Assert.Equal("TEXT_EMPTY", (await CosyServer.ErrorAsync(await server.PostAsync("/tts", new { text }))).Code);

    private async Task<byte[]> SpeakAsync(object fields)
    {
        var response = await server.PostAsync("/tts", fields);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsByteArrayAsync();
    }
}

/// <summary>One loaded model for all that need it.</summary>
[CollectionDefinition(nameof(DefaultVoiceCollection))]
public sealed class DefaultVoiceCollection : ICollectionFixture<DefaultVoiceServer>;
