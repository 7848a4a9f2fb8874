using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Alignment;

public sealed class SpeechAlignmentTests
{
    private const int Rate = 24_000;

    [Theory]
    [InlineData("Hello, my friend – it is “so” late.", "Hello,|my|friend|–|it|is|“so”|late.")]
    [InlineData("你好，世界 OK。", "你|好，|世|界|OK。")]
    [InlineData("  ", "")]
    [InlineData("안녕 세상", "안녕|세상")]
    public void Split_Words_WithTheirMarks(string text, string words) => Assert.Equal(words, string.Join('|', WordTimes.Split(text)));

    [Fact]
    public void Add_PausesTakeNoTimeFromWords()
    {
        // 0.1 s silence, "ja" 0.4 s, 0.5 s silence, "no, si" 0.8 s, 0.2 s silence.
        var segment = Assert.Single(Align("Ja. no, si", (0.1, false), (0.4, true), (0.5, false), (0.8, true), (0.2, false)));

        Assert.Equal((0, 0.0, 2.0), (segment.Segment, segment.Begin, segment.End));
        Assert.Equal(["Ja.", "no,", "si"], segment.Words.Select(word => word.Text));
        AssertTimes([(0.1, 0.5), (1.0, 1.4), (1.4, 1.8)], segment.Words);
    }

    [Fact]
    public void Add_SeveralSegments_FollowEachOtherExactly()
    {
        var cut = new List<SpokenSegment>();
        var alignment = new SpeechAlignment(Rate);
        var end = 0L;
        for (var i = 0; i < 4; i++)
        {
            end += 1000 + (77 * i);
            cut.AddRange(alignment.Add(Frame(end - 1000 - (77 * i), 1000 + (77 * i), true) with { Ends = [new SegmentEnd(i, end, $"word {i}")] }));
        }

        Assert.Equal(cut.Select(segment => segment.End).SkipLast(1), cut.Select(segment => segment.Begin).Skip(1));
        Assert.All(cut, segment => Assert.InRange(segment.Words[0].Begin, segment.Begin, segment.Words[1].Begin));
        Assert.All(cut, segment => Assert.InRange(segment.Words[1].End, segment.Words[0].End, segment.End));
    }

    [Fact]
    public void Add_Silence_SharesAllOfIt() => AssertTimes([(0, 0.5), (0.5, 1)], Align("ja ja", (1.0, false))[0].Words);

    [Fact]
    public void Add_ASegmentWithoutText_HasNoWords() => Assert.Empty(Align("", (1.0, true))[0].Words);

    private static IReadOnlyList<SpokenSegment> Align(string text, params (double Seconds, bool Sounds)[] parts)
    {
        var alignment = new SpeechAlignment(Rate);
        IReadOnlyList<SpokenSegment> segments = [];
        var offset = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            var frame = Frame(offset, (int)Math.Round(parts[i].Seconds * Rate), parts[i].Sounds);
            offset += frame.Samples.Length;
            segments = alignment.Add(i == parts.Length - 1 ? frame with { Ends = [new SegmentEnd(0, offset, text)] } : frame);
        }

        return segments;
    }

    private static AudioFrame Frame(long offset, int samples, bool sounds) => new(
        0, offset, Enumerable.Range(0, samples).Select(i => (short)(sounds ? 8000 * Math.Sin(i * 0.1) : i % 3)).ToArray(), []);

    private static void AssertTimes((double Begin, double End)[] expected, IReadOnlyList<SpokenSpan> words)
    {
        Assert.Equal(expected.Length, words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            Assert.InRange(words[i].Begin, expected[i].Begin - 0.02, expected[i].Begin + 0.02);
            Assert.InRange(words[i].End, expected[i].End - 0.02, expected[i].End + 0.02);
        }
    }
}
