using CosyVoice.Audio;

namespace CosyVoice.Tests.Audio;

public class WavReaderTests
{
    private static readonly double[] Samples = [0, 0.5, -0.5, -1, 0.25];

    [Theory]
    [InlineData(1, 8)]
    [InlineData(1, 16)]
    [InlineData(1, 24)]
    [InlineData(1, 32)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    public void Read_EveryEncoding_GivesTheSamples(int tag, int bits)
    {
        foreach (var extensible in new[] { false, true })
        {
            var recording = WavReader.Read(new WavBuilder { Tag = tag, Bits = bits, Extensible = extensible, Rate = 44_100 }.Build(Samples));

            Assert.Equal(Samples.Select(sample => (float)sample), recording.Samples);
            Assert.Equal((44_100, 1), (recording.SampleRate, recording.Channels));
        }
    }

    [Fact]
    public void Read_Stereo_IsTheAverage()
    {
        var recording = WavReader.Read(new WavBuilder { Channels = 2 }.Build(0.5, 0.25, -1, 0));

        Assert.Equal([0.375f, -0.5f], recording.Samples);
        Assert.Equal(2, recording.Channels);
    }

    [Fact]
    public void Read_OddChunkBeforeTheData_IsPassedOver()
    {
        var file = new WavBuilder { Chunk = ("LIST", [1, 2, 3, 4, 5]) }.Build(Samples);

        Assert.Equal(Samples.Length, WavReader.Read(file).Samples.Length);
    }

    [Theory]
    [InlineData(0xFFFF_FFFF, 0xFFFF_FFFF)]
    [InlineData(0x7FFF_FFFF, 0x7FFF_FFFF)]
    [InlineData(0xFFFF_FFFF - 44, 0xFFFF_FFFF)]
    [InlineData(0, 0)]
    [InlineData(0, 0xFFFF_FFFF)]
    public void Read_WrittenToAPipe_GoesOnToTheEnd(uint dataSize, uint fileSize)
    {
        byte[] file = [.. new WavBuilder { DataSize = dataSize, FileSize = fileSize }.Build(Samples), 7]; // and half a sample

        Assert.Equal(Samples.Length, WavReader.Read(file).Samples.Length);
    }

    [Fact]
    public void Read_CutOff_SaysHowMuchIsMissing()
    {
        var file = new WavBuilder().Build(Samples);

        var error = Assert.Throws<AudioFormatException>(() => WavReader.Read(file.AsSpan(0, file.Length - 1)));

        Assert.Equal("The WAV file is cut off: 10 bytes are to follow its first 44, and 9 do.", error.Message);
    }

    [Fact]
    public void Read_NoSamples_IsRefused()
    {
        Assert.Contains("no samples", Assert.Throws<AudioFormatException>(() => WavReader.Read(new WavBuilder().Build())).Message);
        Assert.Contains("no samples", Assert.Throws<AudioFormatException>(() => WavReader.Read(new WavBuilder().Build().AsSpan(0, 36))).Message);
    }

    [Theory]
    [InlineData(1, 16, 0, 16_000, "0 channels")]
    [InlineData(1, 16, 9, 16_000, "9 channels")]
    [InlineData(1, 16, 1, 0, "0 samples per second")]
    [InlineData(1, 16, 1, 800_000, "800000 samples per second")]
    [InlineData(1, 40, 1, 16_000, "5 bytes")]
    [InlineData(3, 16, 1, 16_000, "2 bytes")]
    [InlineData(6, 8, 1, 16_000, "0x0006")]
    public void Read_ImpossibleFormat_IsNamed(int tag, int bits, int channels, int rate, string named)
    {
        var file = new WavBuilder { Tag = tag, Bits = bits, Channels = channels, Rate = rate }.Build();

        Assert.Contains(named, Assert.Throws<AudioFormatException>(() => WavReader.Read(file)).Message);
    }

    [Fact]
    public void IsPlainWav_CompressedSamples_IsFalse()
    {
        Assert.True(WavReader.IsPlainWav(new WavBuilder { Extensible = true }.Build(Samples)));
        Assert.True(WavReader.IsPlainWav(new WavBuilder().Build().AsSpan(0, 20))); // damaged: its reader is to say so
        Assert.False(WavReader.IsPlainWav(new WavBuilder { Tag = 6, Bits = 8 }.Build(Samples)));
        Assert.False(WavReader.IsPlainWav("ID3 and so on"u8));
    }

    [Fact]
    public void Read_DamagedFiles_AreReadOrRefusedWithinTheirSize()
    {
        var random = new Random(4);
        byte[][] originals =
        [
            new WavBuilder { Channels = 2, Extensible = true, Chunk = ("LIST", new byte[33]) }.Build([.. Enumerable.Range(0, 200).Select(i => Math.Sin(i))]),
            new WavBuilder { Bits = 8 }.Build([.. Enumerable.Range(0, 400).Select(i => Math.Sin(i))]),
            new WavBuilder { Tag = 3, Bits = 64, DataSize = uint.MaxValue }.Build(Samples),
        ];
        var refused = 0;
        for (var round = 0; round < 30_000; round++)
        {
            var file = originals[round % originals.Length].ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                file[random.Next(Math.Min(file.Length, 120))] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            }

            file = file[..random.Next(random.Next(file.Length), file.Length + 1)];
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Assert.True(WavReader.Read(file).Samples.Length <= file.Length);
            }
            catch (AudioFormatException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (sizeof(float) * file.Length) + 20_000); // 20 kB: an exception
        }

        Assert.InRange(refused, 1000, 29_000);
    }
}
