using System.Text.Json;

namespace CosyOrleans.Frontend.Tests.Alignment;

public sealed class TimestampsApiTests(CosyServer server) : IClassFixture<CosyServer>
{
    [Fact]
    public async Task Post_ATextOfTwoSegments_TimesThemAndGivesTheSound()
    {
        var fields = new { text = "One two three. Four five.", seed = 4, format = "pcm" };

        var response = await server.PostAsync("/tts/timestamps", fields);

        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        var whole = await (await server.PostAsync("/tts", new { fields.text, fields.seed, fields.format, stream = false })).Content.ReadAsByteArrayAsync();
        Assert.Equal(whole, answer.GetProperty("audio").GetBytesFromBase64());
        Assert.Equal((24000, 0.5, 4), (answer.GetProperty("sample_rate").GetInt32(), answer.GetProperty("seconds").GetDouble(), answer.GetProperty("seed").GetInt32()));
        var segments = answer.GetProperty("segments").EnumerateArray().ToList();
        Assert.Equal(
            [("One two three", 0.0, 0.3), ("Four five", 0.3, 0.5)],
            segments.Select(segment => (segment.GetProperty("text").GetString(), segment.GetProperty("begin").GetDouble(), segment.GetProperty("end").GetDouble())));
        Assert.Equal(["One", "two", "three", "Four", "five"], segments.SelectMany(segment => segment.GetProperty("words").EnumerateArray()).Select(word => word.GetProperty("text").GetString()));
        var times = segments.SelectMany(segment => segment.GetProperty("words").EnumerateArray()).SelectMany(word => new[] { word.GetProperty("begin").GetDouble(), word.GetProperty("end").GetDouble() }).ToList();
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task Post_SomethingWrong_SaysAllOfIt()
    {
        var response = await server.PostAsync("/tts/timestamps", new { text = "a", speed = "fast", stream = true });

        var error = await CosyServer.ErrorAsync(response);
        Assert.Contains("speed is", error.Message);
        Assert.Contains("There is no field", error.Message);
    }
}
