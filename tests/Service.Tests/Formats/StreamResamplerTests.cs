using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Tests.Formats;

public sealed class StreamResamplerTests
{
    private static readonly int[] Rates = [8000, 16000, 22050, 24000, 44100, 48000];

    public static TheoryData<int, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<int, int>();
            foreach (var from in new[] { 16000, 22050, 24000 })
            {
                foreach (var to in Rates)
                {
                    pairs.Add(from, to);
                }
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Resample_Tone_IsTheSameToneAtTheSameTime(int from, int to)
    {
        var made = Resample(Tones.Sine(1000, from, 1), from, to);

        // Away from the ends, where there is silence on one side, every sample is the sine's own, but for the rounding of both.
        var expected = Tones.Sine(1000, to, 1);
        var edge = to / 50;
        Assert.Equal(expected.Length, made.Length);
        for (var i = edge; i < expected.Length - edge; i++)
        {
            Assert.InRange(made[i] - expected[i], -2, 2);
        }
    }

    [Theory]
    [InlineData(24000, 16000, 7000)]
    [InlineData(24000, 8000, 3500)]
    [InlineData(24000, 48000, 10500)]
    public void Resample_ToneNearTheHalfRate_IsKept(int from, int to, int hertz) =>
        Assert.InRange(Tones.Amplitude(Middle(Resample(Tones.Sine(hertz, from, 1), from, to)), hertz, to), 15950, 16050);

    [Theory]
    [InlineData(24000, 16000, 8050)]
    [InlineData(24000, 16000, 11500)]
    [InlineData(24000, 8000, 4050)]
    [InlineData(24000, 22050, 11100)]
    public void Resample_ToneAboveTheHalfRate_IsNotHeardAsAnother(int from, int to, int hertz)
    {
        // 16000 less 80 dB is 1.6; what remains is mostly rounding, 0.3.
        Assert.InRange(Tones.Loudness(Middle(Resample(Tones.Sine(hertz, from, 1), from, to))), 0, 1.6);
    }

    [Theory]
    [InlineData(24000, 48000)]
    [InlineData(16000, 44100)]
    [InlineData(22050, 48000)]
    public void Resample_Up_AddsNothingAboveTheOldHalfRate(int from, int to)
    {
        var hertz = from / 2 * 0.85;
        var made = Middle(Resample(Tones.Sine(hertz, from, 1), from, to));

        Assert.InRange(Tones.Amplitude(made, from - hertz, to), 0, 0.6);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Resample_CutAnyWay_GivesTheSameSamples(int from, int to)
    {
        var samples = Tones.Noise(5003);
        var whole = Resample(samples, from, to);

        var random = new Random(from + to);
        foreach (var most in new[] { 1, 3, 480, 5000 })
        {
            var resampler = new StreamResampler(from, to);
            List<short> made = [];
            for (var at = 0; at < samples.Length;)
            {
                var length = Math.Min(random.Next(most + 1), samples.Length - at);
                made.AddRange(resampler.Add(samples.AsSpan(at, length)));
                at += length;
            }

            made.AddRange(resampler.Finish());
            Assert.Equal(whole, made);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Resample_AnyLength_IsExact(int from, int to)
    {
        foreach (var length in new[] { 0, 1, 2, 3, 7, 100, 479, 480, 481, 24000 })
        {
            Assert.Equal(((long)length * to + from - 1) / from, Resample(new short[length], from, to).Length);
        }
    }

    [Fact]
    public void Resample_Impulse_IsSymmetricAroundItsPlace()
    {
        var samples = new short[401];
        samples[200] = short.MaxValue;

        var made = Resample(samples, 24000, 48000);

        Assert.Equal(made.Max(), made[400]);
        for (var i = 1; i < 400; i++)
        {
            Assert.Equal(made[400 - i], made[400 + i]);
        }
    }

    [Fact]
    public void Resample_ConstantSound_StaysAsItIs() =>
        Assert.All(Resample([.. Enumerable.Repeat((short)12345, 4000)], 24000, 44100)[400..^400], sample => Assert.Equal(12345, sample));

    [Fact]
    public void Resample_LoudestSquare_IsCutAndDoesNotTurnOver()
    {
        var square = Enumerable.Range(0, 2400).Select(i => i / 24 % 2 == 0 ? short.MaxValue : short.MinValue).ToArray();

        var made = Resample(square, 24000, 48000);

        Assert.All(Enumerable.Range(2, 40), i => Assert.True(made[i] > 25000, $"{made[i]}"));
    }

    [Fact]
    public void Resample_PieceByPiece_IsNotFarBehind()
    {
        var resampler = new StreamResampler(24000, 8000);

        Assert.InRange(resampler.Add(new short[480]).Length, 160 - 80, 160);
    }

    private static short[] Resample(short[] samples, int from, int to)
    {
        var resampler = new StreamResampler(from, to);
        return [.. resampler.Add(samples), .. resampler.Finish()];
    }

    private static ReadOnlySpan<short> Middle(short[] samples) => samples.AsSpan((samples.Length / 10)..^(samples.Length / 10));
}
