using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Tests.Formats;

public sealed class G711Tests
{
    private readonly AudioEncoders _encoders = new(new FormatOptions(), TimeProvider.System, path: "");

    /// <summary>Every sample that there is; no tolerance: both take the nearest level, and the same one halfway.</summary>
    [FfmpegTheory]
    [InlineData(AudioFormat.Ulaw, "pcm_mulaw", "mulaw")]
    [InlineData(AudioFormat.Alaw, "pcm_alaw", "alaw")]
    public async Task Encode_EverySample_GivesTheBytesOfFfmpeg(AudioFormat format, string codec, string container)
    {
        short[] all = [.. Enumerable.Range(short.MinValue, 65536).Select(sample => (short)sample)];
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, [.. all.SelectMany(BitConverter.GetBytes)]);
            var expected = await Ffprobe.RunAsync("ffmpeg", ["-v", "error", "-f", "s16le", "-ar", "8000", "-ac", "1", "-i", path, "-c:a", codec, "-f", container, "-"]);
            Assert.Equal(65536, expected.Length);
            Assert.Equal(expected, await EncodeAsync(format, all, 8000));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(AudioFormat.Ulaw, new byte[] { 0xFF, 0x80, 0x00 })]
    [InlineData(AudioFormat.Alaw, new byte[] { 0xD5, 0xAA, 0x2A })]
    public async Task Encode_SilenceAndTheExtremes_AreThoseOfTheStandard(AudioFormat format, byte[] expected) =>
        Assert.Equal(expected, await EncodeAsync(format, [0, short.MaxValue, short.MinValue], 8000));

    [Theory]
    [InlineData(AudioFormat.Ulaw)]
    [InlineData(AudioFormat.Alaw)]
    public async Task Encode_ToneOfAnotherRate_IsAByteForEachSampleAt8000(AudioFormat format) =>
        Assert.Equal(8000, (await EncodeAsync(format, new short[24000], 24000)).Length);

    [Fact]
    public void CheckRate_AnythingBut8000_IsRefusedByName()
    {
        Assert.Null(AudioOutput.CheckRate(AudioFormat.Ulaw, 8000));
        Assert.Null(AudioOutput.CheckRate(AudioFormat.Alaw, null));
        var wrong = AudioOutput.CheckRate(AudioFormat.Alaw, 16000)!;
        Assert.Equal(("sample_rate 16000 cannot be had with format alaw.", "Give sample_rate 8000, or leave it out."), (wrong.Message, wrong.Solution));
    }

    private async Task<byte[]> EncodeAsync(AudioFormat format, short[] samples, int rate)
    {
        using var encoder = await _encoders.OpenAsync(new AudioOutput(format));
        var pieces = await encoder.Encode(new[] { new ReadOnlyMemory<short>(samples) }.ToAsyncEnumerable(), rate, whole: true).ReadAllAsync(default);
        return [.. pieces.SelectMany(piece => piece.ToArray())];
    }
}
