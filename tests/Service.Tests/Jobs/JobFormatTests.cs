using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobFormatTests : IAsyncLifetime
{
    private JobBench _bench = null!;

    public async Task InitializeAsync() => _bench = await JobBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [FfmpegFact]
    public async Task Items_OfAllFormats_AreWhatTheirNamesSay()
    {
        await using var service = await TestService.StartAsync();
        await _bench.RestartAsync(service.Synthesis);
        var seconds = service.Model.Expected("One two.", "amy", 5, streaming: false).Length / 24000.0;

        await _bench.SubmitAsync(
            $$"""{"sample_rate":16000,"seed":5,"items":[{{string.Join(',', AudioFormats.Names.Select(name => $$"""{"text":"One two.","format":"{{name}}"{{(name.EndsWith("law", StringComparison.Ordinal) ? ",\"sample_rate\":8000" : "")}}}"""))}}]}""");
        var status = await _bench.WhenAsync("job");

        Assert.Equal((JobPhase.Completed, AudioFormats.Names.Count), (status.Phase, status.Counts.Done));
        var items = await _bench.ItemsAsync();
        foreach (var (entry, name) in items.Zip(AudioFormats.Names))
        {
            var sound = await File.ReadAllBytesAsync(Path.Combine(_bench.FolderOf("job"), "out", $"{entry.Item.Number:D6}.{name}"));
            Assert.Equal((sound.Length, seconds), (entry.State.Bytes, entry.State.Seconds));
            if (name == "pcm")
            {
                Assert.Equal(seconds * 32000, sound.Length);
                continue;
            }

            if (name is "ulaw" or "alaw")
            {
                Assert.Equal(seconds * 8000, sound.Length);
                continue;
            }

            (var codec, var rate, _, _) = await Ffprobe.DescribeAsync(sound);
            Assert.Equal((name == "wav" ? "pcm_s16le" : name, name == "opus" ? 48000 : 16000), (codec, rate));
        }
    }

    [Theory]
    [InlineData("""{"text":"Hi.","format":"exe"}""", "format 'exe' is unknown")]
    [InlineData("""{"text":"Hi.","format":"MP3"}""", "format 'MP3' is unknown")]
    [InlineData("""{"text":"Hi.","sample_rate":11025}""", "sample_rate 11025 cannot be had")]
    [InlineData("""{"text":"Hi.","sample_rate":-9999999999}""", "sample_rate -9999999999 cannot be had")]
    [InlineData("""{"text":"Hi.","sample_rate":"8000"}""", "sample_rate is text")]
    [InlineData("""{"text":"Hi.","format":"opus","sample_rate":22050}""", "cannot be had with format opus")]
    [InlineData("""{"text":"Hi.","format":"mp3","name":"a.wav"}""", "does not end in .mp3")]
    public async Task Submit_FormatThatCannotBe_IsRefused(string item, string message)
    {
        var error = await Assert.ThrowsAsync<SpeechException>(() => _bench.SubmitAsync($"[{item}]"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_WithoutRate_IsTheSameJobAsEver()
    {
        using var order = await _bench.OrderAsync("""[{"text":"One.","format":"pcm"}]""");

        Assert.Equal(
            """{"number":1,"name":"000001.pcm","text":"One.","format":"pcm","seed":SEED,"speed":1}""",
            System.Text.RegularExpressions.Regex.Replace(
                (await File.ReadAllTextAsync(Path.Combine(order.Folder, "items.jsonl"))).Trim(), "\"seed\":[0-9]+", "\"seed\":SEED"));
    }
}
