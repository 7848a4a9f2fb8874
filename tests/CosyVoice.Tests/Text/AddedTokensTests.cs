using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class AddedTokensTests
{
    private static readonly AddedTokens Tokens = new(new Dictionary<string, int> { ["[a]"] = 1, ["[a][b]"] = 2, ["<x>"] = 3 });

    [Theory]
    [InlineData("[a][b]", 0, 6, 2)]
    [InlineData("..[a][c]", 2, 3, 1)]
    [InlineData("[[a]<x>", 1, 3, 1)]
    [InlineData("[A]<x>", 3, 3, 3)]
    public void FindFirst_Tokens_IsTheLeftmostAndOfThoseTheLongest(string text, int start, int length, int id) =>
        Assert.Equal((start, length, id), Tokens.FindFirst(text));

    [Theory]
    [InlineData("")]
    [InlineData("[a")]
    [InlineData("plain [")]
    public void FindFirst_NoToken_IsNull(string text) => Assert.Null(Tokens.FindFirst(text));
}
