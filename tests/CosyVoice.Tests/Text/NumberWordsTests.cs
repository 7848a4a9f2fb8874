using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class NumberWordsTests
{
    [Theory]
    [InlineData("0", "zero")]
    [InlineData("000", "zero")]
    [InlineData("13", "thirteen")]
    [InlineData("40", "forty")]
    [InlineData("99", "ninety-nine")]
    [InlineData("110", "one hundred and ten")]
    [InlineData("1000", "one thousand")]
    [InlineData("1021", "one thousand and twenty-one")]
    [InlineData("1100", "one thousand, one hundred")]
    [InlineData("1000100", "one million, one hundred")]
    [InlineData("1001000", "one million, one thousand")]
    [InlineData("20000000003", "twenty billion and three")]
    [InlineData("1000000000000000000000000000000000", "one decillion")]
    public void Spell_Number_IsBritishEnglish(string digits, string expected) =>
        Assert.Equal(expected, NumberWords.Spell(Digits(digits)));

    [Fact]
    public void Spell_MoreDigitsThanNamed_NamesTheLimit() =>
        Assert.Contains("36", Assert.Throws<ArgumentOutOfRangeException>(() => NumberWords.Spell(Digits(new string('1', 37)))).Message);

    [Fact]
    public void Spell_LongestNumber_HasAName() =>
        Assert.StartsWith("nine hundred and ninety-nine decillion, ", NumberWords.Spell(Digits(new string('9', 36))));

    private static int[] Digits(string digits) => [.. digits.Select(digit => digit - '0')];
}
