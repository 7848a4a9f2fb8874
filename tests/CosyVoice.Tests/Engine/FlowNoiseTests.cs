using CosyVoice.Engine;
using CosyVoice.Parity;

namespace CosyVoice.Tests.Engine;

public sealed class FlowNoiseTests
{
    [Fact]
    public void Reference_FirstFrames_AreTheFixtures()
    {
        var stored = FlowParity.ReadNoise(new Fixture(Repository.Fixture("flow_v2")));
        float[] expected = new float[80], got = new float[80];
        for (var frame = 0; frame < stored.Frames; frame++)
        {
            stored.CopyFrame(frame, expected);
            FlowNoise.Reference.CopyFrame(frame, got);
            for (var channel = 0; channel < 80; channel++)
            {
                Assert.Equal(expected[channel], got[channel], 2e-6f); // torch computes logarithm and cosine in single precision
            }
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void CopyFrame_OutsideTheTable_Throws(int frame) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FlowNoise(new float[6], 2).CopyFrame(frame, new float[2]));

    [Fact]
    public void Constructor_IncompleteRows_Throws() => Assert.Throws<ArgumentException>(() => new FlowNoise(new float[7], 2));
}
