using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class EnglishNumbersTests
{
    [Theory]
    [InlineData("no digits", "no digits")]
    [InlineData("", "")]
    [InlineData("3.5", "three point five")]
    [InlineData("pi is 3.14159.", "pi is three point one four one five nine.")]
    [InlineData("version 1.20.3", "version one point two zero point three")]
    [InlineData("in 2005. 007!", "in two thousand and five. seven!")]
    [InlineData("1.", "one.")]
    [InlineData(".5", ".five")]
    [InlineData("a1b22c", "a one b twenty-two c")]
    [InlineData("5kg (12)", "five kg (twelve)")]
    [InlineData("x²", "x two")]
    [InlineData("①", "one")]
    [InlineData("１２", "twelve")]
    public void SpellOut_Digits_BecomeWords(string text, string expected) => Assert.Equal(expected, EnglishNumbers.SpellOut(text));

    [Fact]
    public void SpellOut_NumberWithoutAName_IsReadDigitByDigit() =>
        Assert.Equal(string.Join(' ', Enumerable.Repeat("seven", 37)), EnglishNumbers.SpellOut(new string('7', 37)));
}
