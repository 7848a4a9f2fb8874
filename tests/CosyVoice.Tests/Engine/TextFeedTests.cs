using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyVoice.Tests.Engine;

public sealed class TextFeedTests
{
    private const string Mixed =
        "Hello there, [laughter] 3.5 kilometres — 今天天气很好。我们去河边散步，好吗？[breath]那就这样吧；a<strong>word</strong> of it's own... [no such] token: "
        + "and an extraordinarilyexceptionallyunreasonablylongword, 也有一句没有任何标点符号的非常非常长的中文句子在这里一直写下去直到最后才结束。\nBye!  \n";

    private static readonly Tokenizer Tokenizer = Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer"));

    [Fact]
    public void Append_AnyCut_GivesTheSameIdsAndUtterances()
    {
        var text = string.Concat(Enumerable.Repeat(Mixed, 4));
        var expected = Utterances([text]);
        Assert.True(expected.Count > 2, $"{expected.Count} utterances");
        foreach (var size in (int[])[1, 2, 3, 7, 50])
        {
            Assert.Equal(expected, Utterances([.. text.Chunk(size).Select(piece => new string(piece))]));
        }
    }

    [Fact]
    public void Append_PlainWords_GivesTheIdsOfTheWhole()
    {
        const string text = "The river runs past the old mill, and so on. 今天天气很好。";

        Assert.Equal(Tokenizer.Encode(text), Assert.Single(Utterances([.. text.Select(letter => $"{letter}")])));
    }

    [Fact]
    public void Append_LongText_EndsUtterancesWithSentences()
    {
        var sentence = string.Concat(Enumerable.Repeat("word ", 20)) + "3.5 end. ";
        var utterances = Utterances([string.Concat(Enumerable.Repeat(sentence, 10))]);

        Assert.All(utterances.SkipLast(1), ids => Assert.EndsWith("end.", Tokenizer.Decode([.. ids]), StringComparison.Ordinal));
        Assert.All(utterances, ids => Assert.InRange(ids.Count, 1, 200));
        Assert.True(utterances.Count > 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ... !\n")]
    public void Complete_NothingToSay_HasNoUtterance(string text) => Assert.Empty(Utterances([text]));

    [Fact]
    public void Read_WordThatMayGoOn_IsHeldBack()
    {
        var feed = new TextFeed(Tokenizer);
        feed.Append("Good mor");
        Assert.Equal(int.MaxValue, feed.Count);
        AssertHas("Good", isComplete: false);
        feed.Append("ning [lau");
        AssertHas("Good morning", isComplete: false);
        feed.Append("ghter]");
        feed.Complete();
        AssertHas("Good morning [laughter]", isComplete: true);
        Assert.Equal(1, feed.Count);

        void AssertHas(string text, bool isComplete)
        {
            var read = feed.Read(0, 0);
            Assert.Equal(Tokenizer.Encode(text), read.Ids);
            Assert.Equal(isComplete, read.IsComplete);
        }
    }

    [Fact]
    public void Append_TooMuch_IsRefused()
    {
        var feed = new TextFeed(Tokenizer);
        feed.Append(new string('a', TextFeed.MostCharacters));
        Assert.Contains("100000 characters", Assert.Throws<ArgumentException>(() => feed.Append("a")).Message, StringComparison.Ordinal);
    }

    private static List<List<int>> Utterances(IReadOnlyList<string> pieces)
    {
        var feed = new TextFeed(Tokenizer);
        foreach (var piece in pieces)
        {
            feed.Append(piece);
        }

        feed.Complete();
        return [.. Enumerable.Range(0, feed.Count).Select(i => feed.Read(i, 0).Ids.ToList())];
    }
}
