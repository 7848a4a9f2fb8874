using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class SegmentLimitTests
{
    private static readonly SegmentLimit Limit = new(Tokenizer.ForCosyVoice2(Repository.Fixture("text/tiny_tokenizer")).Added);

    [Fact]
    public void Apply_ShortText_IsKept() => Assert.Equal([new string('a', 200)], Limit.Apply(new string('a', 200)));

    [Fact]
    public void Apply_Sentences_CutsBehindThem()
    {
        var sentence = "It was 3.5 or 1,000 o'clock, \"they said.\"" + new string(' ', 3);

        var parts = Apply(string.Concat(Enumerable.Repeat(sentence, 8)));

        Assert.All(parts.SkipLast(1), part => Assert.EndsWith("said.\"", part));
    }

    [Fact]
    public void Apply_ClausesOnly_CutsBehindCommas() =>
        Assert.All(Apply(string.Concat(Enumerable.Repeat("海上明月共潮生，", 40))), part => Assert.EndsWith("，", part));

    [Fact]
    public void Apply_WordsOnly_CutsInFrontOfBlanks()
    {
        var parts = Apply(string.Join(' ', Enumerable.Repeat("cómodo", 70)));

        Assert.All(parts, part => Assert.Equal("cómodo", part.Trim().Split(' ').Distinct().Single()));
    }

    [Fact]
    public void Apply_WordsAmongIdeographs_StayWhole() => Assert.All(
        Apply(string.Concat(Enumerable.Repeat("说hello", 60))),
        part => Assert.Empty(part.Replace("hello", "", StringComparison.Ordinal).Trim('说')));

    [Fact]
    public void Apply_NothingButMarks_StayWhole() => Assert.All(
        Apply(string.Concat(Enumerable.Repeat("[vocalized-noise]", 47))),
        part => Assert.Empty(part.Replace("[vocalized-noise]", "", StringComparison.Ordinal)));

    [Fact]
    public void Apply_LittleMoreThanTheLimit_LeavesNoTinyPart() =>
        Assert.All(Apply(new string('好', 201)), part => Assert.InRange(part.Length, 100, 101));

    [Theory]
    [InlineData("a")]
    [InlineData("好")]
    [InlineData("😀")]
    [InlineData("a\u0301")]
    [InlineData("\u0301")]
    [InlineData("\ud800")]
    [InlineData("a,")]
    [InlineData("a, b.\" ")]
    [InlineData("((((")]
    [InlineData("<|endofprompt|>")]
    [InlineData("a👍🏽 ")]
    public void Apply_LongRepetition_CutsWithinTheLimitAndKeepsAll(string unit) => Apply(string.Concat(Enumerable.Repeat(unit, 5_000)));

    [Fact]
    public void Apply_RandomText_CutsWithinTheLimitAndKeepsAll()
    {
        string[] units = ["a", "好", "😀", "\u0301", ".", ",", " ", "。", "，", "\"", "[laughter]", "(", ")", "word", "3.5"];
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            Apply(string.Concat(Enumerable.Range(0, random.Next(1000)).Select(_ => units[random.Next(units.Length)])));
        }
    }

    private static string[] Apply(string text)
    {
        string[] parts = [.. Limit.Apply(text)];
        Assert.Equal(text, string.Concat(parts));
        Assert.All(parts, part => Assert.InRange(part.Length, Math.Min(text.Length, 50), 200));
        Assert.All(parts.Skip(1), part => Assert.False(char.IsLowSurrogate(part[0]) && text.Contains("😀", StringComparison.Ordinal)));
        return parts;
    }
}
