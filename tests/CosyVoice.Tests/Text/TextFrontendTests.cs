using System.Text;
using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class TextFrontendTests
{
    private static readonly Tokenizer Tokenizer = Tokenizer.ForCosyVoice2(Repository.File("models/default/CosyVoice-BlankEN"));
    private static readonly TextFrontend Frontend = new(Tokenizer);

    [Theory]
    [InlineData("")]
    [InlineData("   \n\t ")]
    [InlineData("。。。！！")]
    [InlineData("（）")]
    [InlineData("(){}[]...")]
    [InlineData(". .")]
    [InlineData("😀")]
    [InlineData("\ud800")]
    [InlineData("\u0301")]
    public void Prepare_NothingToSay_IsEmpty(string text) => Assert.Empty(Frontend.Prepare(text));

    [Theory]
    [InlineData("Hello world", "Hello world.")]
    [InlineData("  It costs 3.50 now ", "It costs three point five zero now.")]
    [InlineData("版本3.5发布 - 大家好", "版本三点五发布，大家好。")]
    [InlineData("你好，", "你好。")]
    [InlineData("Это 5 рублей", "Это 5 рублей.")]
    [InlineData("これは3本です", "これは3本です。")]
    [InlineData("a <| b |> c 3", "a b c three.")]
    [InlineData("[laughter]", "[laughter].")]
    [InlineData("<|endofprompt|>Hello 123", "<|endofprompt|>Hello 123")]
    [InlineData("½", "one half.")]
    public void Prepare_ShortText_IsOneSegment(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(Frontend.Prepare(text)).Text);

    [Theory]
    [InlineData("版本3.5发布", "版本3。5发布。")]
    [InlineData("10:45 and 3.14", "ten:forty-five and three.fourteen.")]
    [InlineData("**好**", "**好**。")]
    [InlineData("[hào]", "[hào].")]
    public void Prepare_AsTheReference_KeepsItsDefects(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(new TextFrontend(Tokenizer, TextReading.Reference).Prepare(text)).Text);

    [Fact]
    public void Prepare_EmptyTextAsTheReference_IsEmpty() =>
        Assert.Empty(new TextFrontend(Tokenizer, TextReading.Reference).Prepare(""));

    [Fact]
    public void Prepare_AnyText_EncodesEachSegment() => Assert.All(
        Frontend.Prepare("The first sentence is here. 12 more follow!"),
        segment => Assert.Equal(Tokenizer.Encode(segment.Text), segment.Tokens));

    [Fact]
    public void Prepare_LongSentence_SpeaksEveryWordInSegmentsOfTheLimit()
    {
        var words = Enumerable.Range(0, 676).Select(i => $"word{(char)('a' + (i % 26))}{(char)('a' + (i / 26))}").ToArray();

        var segments = Frontend.Prepare(string.Join(' ', words));

        Assert.All(segments, segment => Assert.InRange(segment.Text.Length, 1, 200));
        Assert.Equal(words, string.Concat(segments.Select(segment => segment.Text)).TrimEnd('.').Split(' '));
    }

    [Fact]
    public void Prepare_LongTextWithTokensInIt_IsCutToo()
    {
        var text = "Speak gladly.<|endofprompt|>" + string.Concat(Enumerable.Repeat("And so it went on. ", 40));

        Assert.Equal(text.Trim(), string.Concat(Frontend.Prepare(text).Select(segment => segment.Text)));
    }

    [Fact]
    public void Prepare_RandomText_LosesNoLetter()
    {
        string[] parts =
        [
            "a", "Wort", "好", "吗", "한", "é", "😀", ". ", ".", "\"", "！", "，", ", ", " ", "\n", "[laughter]", "…", "'", "-", "(", "\ud800",
        ];
        var random = new Random(9);
        for (var round = 0; round < 1_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(600)).Select(_ => parts[random.Next(parts.Length)]));

            var segments = Frontend.Prepare(text);

            Assert.All(segments, segment => Assert.InRange(segment.Text.Length, 1, 200));
            Assert.Equal(Letters(text), Letters(string.Concat(segments.Select(segment => segment.Text))));
        }
    }

    private static string Letters(string text) => string.Concat(text.EnumerateRunes().Where(Rune.IsLetterOrDigit));
}
