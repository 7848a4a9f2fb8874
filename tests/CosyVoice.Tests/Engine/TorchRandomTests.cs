using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public sealed class TorchRandomTests
{
    [Fact]
    public void MersenneTwister_TenThousandthOutput_IsTheStandardOne()
    {
        // ISO C++ [rand.predef]: the 10000th invocation of a default-constructed mt19937.
        var bits = new MersenneTwister(5489);
        bits.Skip(9999);
        Assert.Equal(4123659995u, bits.Next());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(623)]
    [InlineData(624)]
    [InlineData(625)]
    [InlineData(5000)]
    public void Skip_AnyCount_EqualsDrawing(int count)
    {
        var (skipped, drawn) = (new MersenneTwister(3), new MersenneTwister(3));
        for (var i = 0; i < 100 + count; i++)
        {
            drawn.Next();
        }

        skipped.Skip(100);
        skipped.Skip(count);
        Assert.Equal(drawn.Next(), skipped.Next());
    }

    [Fact]
    public void Normal_ShortTensors_ShareAPair()
    {
        // torch keeps the second number of a pair for the next tensor of fewer than 16 elements.
        var (at, once) = (new float[2], new float[2]);
        var random = new TorchRandom(4);
        random.Normal(at.AsSpan(0, 1));
        random.Normal(at.AsSpan(1, 1));
        new TorchRandom(4).Normal(once);
        Assert.Equal(once, at);
    }

    [Fact]
    public void Normal_ManyNumbers_HaveMeanZeroAndVarianceOne()
    {
        var values = new float[100_003];
        new TorchRandom(11).Normal(values);
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(value => value * value), 0.02);
    }
}
