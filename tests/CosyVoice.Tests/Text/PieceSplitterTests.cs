using System.Text.RegularExpressions;
using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public partial class PieceSplitterTests
{
    [Theory]
    [InlineData("Hello, world!", "Hello|,| world|!")]
    [InlineData("I'LL we've DON'T", "I|'LL| we|'ve| DON|'T")]
    [InlineData("it'ſ", "it|'ſ")]
    [InlineData("12345", "1|2|3|4|5")]
    [InlineData("  two  spaces", " | two| | spaces")]
    [InlineData("a \n \n b", "a| \n \n| b")]
    [InlineData("end ", "end| ")]
    [InlineData("end   ", "end|   ")]
    [InlineData("a  1", "a| | |1")]
    [InlineData("...!!!\r\n\r\nx", "...!!!\r\n\r\n|x")]
    [InlineData("\tx\t\t!", "\tx|\t|\t|!")]
    [InlineData("[laughter]哈哈。", "[laughter|]哈哈|。")]
    [InlineData("😀👍🏽ok", "😀👍🏽|ok")]
    public void FirstLength_AppliedOverAndOver_CutsAsThePatternDoes(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces(text));

    [Fact]
    public void FirstLength_RandomText_CutsAsTheRegularExpressionDoes()
    {
        const string Alphabet = "aé你\u0301'sStTrReEvVlLmMdDſ01½ \t\r\n\u00a0\u3000.,!-\u200b";
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));

            Assert.Equal(Pattern().Matches(text).Select(match => match.Value), Pieces(text));
        }
    }

    // .NET does not fold the long s, so the pattern names it.
    [GeneratedRegex(
        @"(?:'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD]))|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" +
        @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();

    private static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        while (text.Length > 0)
        {
            var length = PieceSplitter.FirstLength(text);
            pieces.Add(text[..length]);
            text = text[length..];
        }

        return pieces;
    }
}
