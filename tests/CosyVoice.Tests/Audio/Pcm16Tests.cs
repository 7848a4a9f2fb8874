using CosyVoice.Audio;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Audio;

public sealed class Pcm16Tests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.99f, 32440)]
    [InlineData(-0.99f, -32440)]
    [InlineData(1, 32767)]
    [InlineData(-1, -32768)]
    [InlineData(17, 32767)]
    [InlineData(-17, -32768)]
    [InlineData(1e30f, 32767)]
    [InlineData(float.PositiveInfinity, 32767)]
    [InlineData(float.NegativeInfinity, -32768)]
    [InlineData(float.NaN, 0)]
    [InlineData(0.5f / 32768, 1)]
    [InlineData(-0.5f / 32768, -1)]
    [InlineData(1.5f / 32768, 2)]
    [InlineData(2.5f / 32768, 3)]
    [InlineData(-2.5f / 32768, -3)]
    [InlineData(0.49999997f / 32768, 0)]
    [InlineData(32766.5f / 32768, 32767)]
    [InlineData(-32767.5f / 32768, -32768)]
    public void FromFloats_Edge_RoundsHalvesAwayAndSaturates(float sample, short expected)
    {
        // One alone takes the scalar way, sixteen the wide one.
        Assert.All(Convert([sample]), pcm => Assert.Equal(expected, pcm));
        Assert.All(Convert([.. Enumerable.Repeat(sample, 16)]), pcm => Assert.Equal(expected, pcm));
    }

    [Fact]
    public void FromFloats_AnyLength_SameAsOneByOne()
    {
        var samples = Samples.Uniform(64, seed: 1, scale: 1.1f);
        for (var length = 0; length <= samples.Length; length++)
        {
            Assert.Equal(samples.Take(length).SelectMany(sample => Convert([sample])), Convert(samples[..length]));
        }
    }

    [Fact]
    public void FromFloats_ShortDestination_IsRefused() => Assert.Throws<ArgumentException>(() => Pcm16.FromFloats(new float[3], new short[2]));

    [Fact]
    public void ToBytes_Sample_IsLittleEndian() => Assert.Equal([0x01, 0xC0], Pcm16.ToBytes([-16383f / 32768]));

    private static short[] Convert(float[] samples)
    {
        var pcm = new short[samples.Length];
        Pcm16.FromFloats(samples, pcm);
        return pcm;
    }
}
