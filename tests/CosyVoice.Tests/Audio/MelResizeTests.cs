using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Audio;

public sealed class MelResizeTests
{
    private static readonly Tensor Mel = Tensor.From(Samples.Uniform(97 * 3, seed: 4, scale: 5), 97, 3);

    public static TheoryData<double> Speeds => [0.5, 0.8, 0.93, 1, 1.3, 1.5, 1.7, 1.9, 2];

    [Theory]
    [MemberData(nameof(Speeds))]
    public void Resize_Speed_InterpolatesBetweenFrameCentres(double speed)
    {
        using var got = MelResize.Resize(Mel, speed);
        var count = (int)(Mel.Rows / speed);
        Assert.Equal((count, 3), (got.Rows, got.Columns));

        // Two roundings of values up to 5.
        Samples.AssertClose(Interpolate((double)Mel.Rows / count, count), got.Span, 2e-6, 0);
    }

    [Fact]
    public void Resize_NothingLeft_NamesSpeedAndLength()
    {
        using var one = new Tensor(1, 80);
        Assert.Contains("speed 2", Assert.Throws<ArgumentException>(() => MelResize.Resize(one, 2)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Speeds))]
    public void Append_AnyCut_SameBitsAndFramesAsTheWhole(double speed)
    {
        var whole = Stream(speed, Mel.Rows);
        Assert.Equal(MelResize.FrameCount(Mel.Rows, speed) * 3, whole.Length);
        foreach (var piece in (int[])[1, 2, 7, 50])
        {
            Samples.AssertSameBits(whole, Stream(speed, piece));
        }
    }

    [Theory]
    [MemberData(nameof(Speeds))]
    public void Append_Speed_InterpolatesBetweenFrameCentres(double speed) =>
        Samples.AssertClose(Interpolate(speed, MelResize.FrameCount(Mel.Rows, speed)), Stream(speed, 10), 2e-6, 0);

    [Theory]
    [MemberData(nameof(Speeds))]
    public void Append_EveryEnd_HasGivenNoMoreThanTheWholeHas(double speed)
    {
        for (var frames = 1; frames < 40; frames++)
        {
            using var stream = new MelResizeStream(speed);
            using var mel = new Tensor(frames, 3);
            using var nothing = new Tensor(0, 3);
            using var first = stream.Append(mel, last: false);
            using var rest = stream.Append(nothing, last: true);
            Assert.Equal(MelResize.FrameCount(frames, speed), first.Rows + rest.Rows);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_SpeedThatIsNone_IsRefused(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MelResizeStream(speed));

    private static float[] Stream(double speed, int piece)
    {
        using var stream = new MelResizeStream(speed);
        var values = new List<float>();
        for (var start = 0; start < Mel.Rows; start += piece)
        {
            var count = Math.Min(piece, Mel.Rows - start);
            using var mel = Tensor.From(Mel.RowRange(start, count), count, 3);
            using var resized = stream.Append(mel, last: start + count == Mel.Rows);
            values.AddRange(resized.Span);
        }

        return [.. values];
    }

    private static double[] Interpolate(double scale, int count)
    {
        var values = new double[count * 3];
        for (var i = 0; i < values.Length; i++)
        {
            var position = Math.Max(0, (scale * ((i / 3) + 0.5)) - 0.5);
            var frame = (int)position;
            var next = Math.Min(frame + 1, Mel.Rows - 1);
            values[i] = ((1 - (position - frame)) * Mel.Row(frame)[i % 3]) + ((position - frame) * Mel.Row(next)[i % 3]);
        }

        return values;
    }
}
