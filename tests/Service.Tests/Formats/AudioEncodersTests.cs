using System.Buffers.Binary;
using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Tests.Formats;

public sealed class AudioEncodersTests
{
    private const double Seconds = 2.5;
    private readonly AudioEncoders _encoders = new(new FormatOptions(), TimeProvider.System);

    public static TheoryData<AudioFormat, int, bool> All
    {
        get
        {
            var all = new TheoryData<AudioFormat, int, bool>();
            foreach (var format in Enum.GetValues<AudioFormat>().Where(format => format is not (AudioFormat.Pcm or AudioFormat.Ulaw or AudioFormat.Alaw)))
            {
                foreach (var rate in AudioOutput.SampleRates.Where(rate => AudioOutput.CheckRate(format, rate) is null))
                {
                    all.Add(format, rate, true);
                    if (rate is 16000 or 24000)
                    {
                        all.Add(format, rate, false); // What differs is what the head says, at one rate of the model's and one that is not.
                    }
                }
            }

            return all;
        }
    }

    [FfmpegTheory]
    [MemberData(nameof(All))]
    public async Task Encode_Tone_IsWhatOthersHear(AudioFormat format, int rate, bool whole)
    {
        var sound = await EncodeAsync(format, rate, whole);

        (var codec, var sampleRate, var seconds, var tags) = await Ffprobe.DescribeAsync(sound);
        var decoded = await Ffprobe.DecodeAsync(sound);
        Assert.Equal(format == AudioFormat.Wav ? "pcm_s16le" : format.Name(), codec);
        Assert.Equal(format == AudioFormat.Opus ? 48000 : rate, sampleRate);
        Assert.Equal(format == AudioFormat.Aac ? "" : AudioLabel.Text, tags.Contains(AudioLabel.Text, StringComparison.Ordinal) ? AudioLabel.Text : "");

        // To the sample where the format can say so, otherwise to the frames at both ends that its codec adds.
        var frames = format switch { AudioFormat.Mp3 => 3 * 1152.0 / rate, AudioFormat.Aac => 3 * 1024.0 / rate, AudioFormat.Opus => 0.0005, _ => 0 };
        Assert.InRange((double)decoded.Length / sampleRate, Seconds - 1e-9, Seconds + frames + 1e-9);
        if (format != AudioFormat.Aac && (whole || format is AudioFormat.Opus or AudioFormat.Mp3)) // ADTS states no length, FLAC and WAV know none while they stream.
        {
            Assert.InRange(seconds, Seconds - 0.001, Seconds + frames + 0.01);
        }

        var middle = decoded.AsSpan(sampleRate / 2, sampleRate);
        Assert.InRange(Tones.Amplitude(middle, 600, sampleRate), 14000, 18000);
        Assert.InRange(Tones.Loudness(middle) * Math.Sqrt(2), 14000, 18000); // And there is nothing else.
    }

    [FfmpegTheory]
    [InlineData(AudioFormat.Wav)]
    [InlineData(AudioFormat.Pcm)]
    [InlineData(AudioFormat.Flac)]
    [InlineData(AudioFormat.Mp3)]
    [InlineData(AudioFormat.Aac)]
    [InlineData(AudioFormat.Opus)]
    public async Task Encode_CutOtherwise_GivesTheSameBytes(AudioFormat format) =>
        Assert.Equal(await EncodeAsync(format, 16000, whole: true, 480), await EncodeAsync(format, 16000, whole: true, 1, 7000, 13));

    [FfmpegFact]
    public async Task Encode_WholeFlac_BeginsLikeOneThatFfmpegWroteIntoAFile()
    {
        var samples = Tones.Noise(60_007); // No part of which is like another.
        var sound = await EncodeAsync(samples, AudioFormat.Flac, 24000, whole: true);
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (pcm, flac) = (Path.Combine(folder.FullName, "pcm"), Path.Combine(folder.FullName, "out.flac"));
            await File.WriteAllBytesAsync(pcm, PlainEncoding.LittleEndian(samples));
            await Ffprobe.RunAsync("ffmpeg", ["-v", "error", "-f", "s16le", "-ar", "24000", "-ac", "1", "-i", pcm, flac]);
            var theirs = await File.ReadAllBytesAsync(flac);

            Assert.Equal(theirs[8..12], sound[8..12]); // Samples of a block;
            Assert.Equal(theirs[18..42], sound[18..42]); // rate, channels, bits, number of samples and digest.
            Assert.Equal(samples, await Ffprobe.DecodeAsync(sound));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Encode_Wav_StatesItsLengthWhereItIsKnown(bool whole)
    {
        var samples = Tones.Sine(600, 24000, Seconds);
        var sound = await EncodeAsync(AudioFormat.Wav, null, whole);

        var data = whole ? (uint)samples.Length * 2 : uint.MaxValue;
        Assert.Equal(PlainEncoding.LittleEndian(samples), sound[WavHeader.Length..]);
        Assert.Equal(whole ? (uint)sound.Length - 8 : uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(sound.AsSpan(4)));
        Assert.Equal("data", Encoding.ASCII.GetString(sound, WavHeader.Length - 8, 4));
        Assert.Equal(data, BinaryPrimitives.ReadUInt32LittleEndian(sound.AsSpan(WavHeader.Length - 4)));
    }

    [Fact]
    public async Task Encode_WavOfMoreThanFourGigabytes_IsRefusedUnlessStreamed()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WavHeader.Of(24000, WavHeader.MostSamples + 1));
        var piece = new short[16 * 1024 * 1024];
        async IAsyncEnumerable<ReadOnlyMemory<short>> Endless(long samples)
        {
            for (; samples > 0; samples -= piece.Length)
            {
                yield return piece.AsMemory(0, (int)Math.Min(samples, piece.Length));
            }

            await Task.CompletedTask;
        }

        async Task<long> CountAsync(long samples, bool whole)
        {
            using var encoder = await _encoders.OpenAsync(new AudioOutput(AudioFormat.Wav));
            var sound = encoder.Encode(Endless(samples), 24000, whole);
            return await sound.ReadAsync(default).Select(bytes => (long)bytes.Length).SumAsync();
        }

        Assert.Equal(uint.MaxValue - 1, await CountAsync(WavHeader.MostSamples, whole: true) - (WavHeader.Length % 2));
        var error = await Assert.ThrowsAsync<SpeechException>(() => CountAsync(WavHeader.MostSamples + 1, whole: true));
        Assert.Equal(SpeechErrorCodes.SoundTooLong, error.Code);
        Assert.Contains("24.9 hours", error.Message);
        Assert.True(await CountAsync(WavHeader.MostSamples + 1, whole: false) > uint.MaxValue);
    }

    [Theory]
    [InlineData(AudioFormat.Wav, 11025)]
    [InlineData(AudioFormat.Mp3, 0)]
    [InlineData(AudioFormat.Opus, 44100)]
    public async Task Open_RateThatIsNotOffered_NamesThose(AudioFormat format, int rate)
    {
        var error = await Assert.ThrowsAsync<SpeechException>(async () => await _encoders.OpenAsync(new AudioOutput(format, rate)));

        Assert.Contains($"sample_rate {rate} cannot be had", error.Message);
        Assert.Contains("or 48000", error.Solution);
    }

    [Theory]
    [InlineData(AudioFormat.Opus, 22050, 24000)]
    [InlineData(AudioFormat.Opus, 24000, 24000)]
    [InlineData(AudioFormat.Mp3, 22050, 22050)]
    public void RateOf_NoneAskedFor_IsTheModelsOrTheNextThatTheCodecHas(AudioFormat format, int model, int expected) =>
        Assert.Equal(expected, new AudioOutput(format).RateOf(model));

    private Task<byte[]> EncodeAsync(AudioFormat format, int? rate, bool whole, params int[] pieces) =>
        EncodeAsync(Tones.Sine(600, 24000, Seconds), format, rate, whole, pieces);

    private async Task<byte[]> EncodeAsync(short[] samples, AudioFormat format, int? rate, bool whole, params int[] pieces)
    {
        using var encoder = await _encoders.OpenAsync(new AudioOutput(format, rate));
        var sound = encoder.Encode(Tones.Pieces(samples, pieces.Length > 0 ? pieces : [480]), 24000, whole);
        var bytes = await sound.ReadAllAsync(default);
        Assert.Equal(samples.Length / 24000.0, sound.Seconds);
        return [.. bytes.SelectMany(piece => piece.ToArray())];
    }
}
