using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class TextRulesTests
{
    [Theory]
    [InlineData("Hello.")]
    [InlineData("line\nbreak\r\n\ttab")]
    [InlineData("你好")]
    [InlineData("café")]
    [InlineData("😀 and text")]
    [InlineData("zero\u200Dwidth")]
    public void Check_Speakable_FindsNothing(string text) => Assert.Empty(TextRules.Check(text, 100));

    [Theory]
    [InlineData("😀\u0007", "Character 2 of the text, U+0007, is a control character.")]
    [InlineData("a\u009b", "Character 2 of the text, U+009B, is a control character.")]
    [InlineData("caf\uFFFD", "Character 4 of the text, U+FFFD, is what is left of a character in another encoding.")]
    [InlineData("\uFFFE", "Character 1 of the text, U+FFFE, is not a character.")]
    [InlineData("\uFDD0", "Character 1 of the text, U+FDD0, is not a character.")]
    public void Check_Unspeakable_NamesCharacterAndPosition(string text, string message)
    {
        var violation = Assert.Single(TextRules.Check(text, 100));

        Assert.Equal((SpeechErrorCodes.TextUnsupported, message), (violation.Code, violation.Message));
    }

    [Fact]
    public void Check_HalfASurrogatePair_NamesCharacterAndPosition() =>
        Assert.Equal(
            "Character 3 of the text, U+D800, is half of a surrogate pair.",
            Assert.Single(TextRules.Check("ab\ud800c", 100)).Message);

    [Fact]
    public void Check_OverTheLimit_CountsCharactersNotCodeUnits()
    {
        var faces = string.Concat(Enumerable.Repeat("😀", 10));

        Assert.Empty(TextRules.Check(faces, 10));
        Assert.Equal("The text has 10 characters; the limit is 9.", Assert.Single(TextRules.Check(faces, 9)).Message);
    }
}
