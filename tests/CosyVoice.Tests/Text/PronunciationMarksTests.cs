using CosyVoice.Text;
using CosyVoice.Text.Marks;

namespace CosyVoice.Tests.Text;

public class PronunciationMarksTests
{
    private static readonly Tokenizer V3 = Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer"));
    private static readonly Tokenizer V2 = Tokenizer.ForCosyVoice2(Repository.Fixture("text/tiny_tokenizer"));
    private static readonly TextFrontend Frontend = new(V3);
    private static readonly TextFrontend FrontendOfV2 = new(V2);

    public static TheoryData<string> Units => [.. SpecialTokens.CosyVoice3.Where(token => token[0] != '<')];

    [Theory]
    [MemberData(nameof(Units))]
    public void Prepare_UnitOfTheModel_IsOneToken(string unit)
    {
        var tokens = Assert.Single(Frontend.Prepare($"他说{unit}，3次。")).Tokens;

        Assert.Single(tokens, V3.IdOf(unit)!.Value);
    }

    [Theory]
    [InlineData("请说[h][ào]学3遍", "请说[h][ào]学三遍")]
    [InlineData("Say [M][AY0] name 2 times", "Say [M][AY0] name two times")]
    [InlineData("**[j][ǐ]**予好评", "[j][ǐ]予好评")]
    [InlineData("[M][IH1][N][AH0][T] 5%", "[M][IH1][N][AH0][T] five percent")]
    [InlineData("他笑了[laughter]，<strong>真的</strong>。", "他笑了[laughter]，<strong>真的</strong>。")]
    [InlineData("a[h]\ue000[a\u0300o]", "a[h][ào]")]
    public void Normalize_Marks_StayAsTheyAre(string text, string expected) => Assert.Equal(expected, Frontend.Normalize(text));

    [Theory]
    [InlineData("(hao)", "(hao)")]
    [InlineData("hao 3", "hao three")]
    [InlineData("The word [sic] stays", "The word sic stays")]
    [InlineData("He [Tom] and [see note] and [applause]", "He Tom and see note and applause")]
    [InlineData("as in [12]", "as in twelve")]
    [InlineData("[foo][bar]", "foobar")]
    [InlineData("[TBD] and [PhD]", "TBD and PhD")]
    [InlineData("【注】[重要]", "注，重要")]
    [InlineData("press [F5] [A1]", "press F five A one")]
    [InlineData("[été]", "été")]
    public void Normalize_OrdinaryBrackets_ArePlainText(string text, string expected) => Assert.Equal(expected, Frontend.Normalize(text));

    [Theory]
    [InlineData("[h][aoo]", "[aoo]")]
    [InlineData("[h][ào][qx]", "[qx]")]
    [InlineData("[hào]", "[h][ào]")]
    [InlineData("好[hao4]", "[h][ào]")]
    [InlineData("你[hao]", "[hao]")]
    [InlineData("[M][AY7]", "[AY7]")]
    [InlineData("[AY7]", "Allowed in ARPAbet are AA AA0")]
    [InlineData("[ay0]", "Write [AY0]")]
    [InlineData("[XX][YY]", "[XX]")]
    [InlineData("[zzz]", "Allowed in pinyin")]
    [InlineData("[hǎoo]", "[hǎoo]")]
    [InlineData("[nǚ][lü4]", "[l][ǜ]")]
    public void Normalize_UnknownUnit_IsAnErrorThatNamesIt(string text, string named)
    {
        var error = Assert.Throws<PronunciationMarkException>(() => Frontend.Normalize(text));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_SeveralUnknownUnits_NamesEach() =>
        Assert.Equal(2, Assert.Throws<PronunciationMarkException>(() => Frontend.Prepare("[h][aoo] 和 [hào]")).Problems.Count);

    [Theory]
    [InlineData("[h][ào]")]
    [InlineData("[M][AY0]")]
    [InlineData("[ào]")]
    public void Normalize_MarksForAModelWithoutThem_SaysSo(string text) =>
        Assert.Contains("CosyVoice 3", Assert.Throws<PronunciationMarkException>(() => FrontendOfV2.Normalize(text)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("press [Y]", "press Y")]
    [InlineData("[laughter] 3", "[laughter] three")]
    public void Normalize_BracketsForAModelWithoutMarks_ArePlainText(string text, string expected) =>
        Assert.Equal(expected, FrontendOfV2.Normalize(text));
}
