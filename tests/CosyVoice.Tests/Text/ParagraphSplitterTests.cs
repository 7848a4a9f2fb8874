using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class ParagraphSplitterTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData(".\"")]
    [InlineData("...\"\"")]
    public void Split_NothingToSay_DoesNotFail(string text) =>
        Assert.True(ParagraphSplitter.Split(text, new SplitRules { IsChinese = false }, CountWords).Count <= 1);

    [Fact]
    public void Split_TextThatBeginsWithAQuotedStop_KeepsTheWords() =>
        Assert.Equal(["\"Yes.\" he said."], ParagraphSplitter.Split(".\"Yes.\" he said", new SplitRules { IsChinese = false }, CountWords));

    [Fact]
    public void Split_IdeographsBeyondTheBasicPlane_CountOnce()
    {
        var sentence = string.Concat(Enumerable.Repeat("𠀀", 60)) + "。";

        var segments = ParagraphSplitter.Split(sentence + "好好好好好。" + sentence, new SplitRules { IsChinese = true }, CountWords);

        Assert.Equal([sentence + "好好好好好。", sentence], segments);
    }

    private static int CountWords(string text) => text.Split(' ').Length;
}
