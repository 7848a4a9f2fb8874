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
    public void Append_Flush_EndsTheUtteranceWithoutWaiting()
    {
        var feed = new TextFeed(Tokenizer);
        feed.Append(new("Good mor", Flush: true));
        AssertWhole("Good mor", 0);
        feed.Append("ning");
        Assert.False(feed.Has(1)); // The word may go on.
        feed.Append(new("", Flush: true));
        feed.Append(new("", Flush: true));
        AssertWhole("ning", 1);
        feed.Complete();
        Assert.Equal(2, feed.Count);

        void AssertWhole(string text, int utterance)
        {
            Assert.Equal(Tokenizer.Encode(text), feed.Read(utterance, 0).Ids);
            Assert.True(feed.Read(utterance, 0).IsComplete);
        }
    }

    [Fact]
    public void Append_TextToBeRead_IsReadWhereverItIsCut()
    {
        const string text = "It costs $12.50 on 3 May. 气温是3.5度，[h][ào]奇。";
        var frontend = new TextFrontend(Tokenizer);
        var spoken = Tokenizer.Encode("It costs twelve dollars and fifty cents on the third of May.气温是三点五度，[h][ào]奇。");
        foreach (var size in (int[])[1, 2, 3, 50])
        {
            var feed = new TextFeed(Tokenizer, frontend.ReadArriving());
            foreach (var piece in text.Chunk(size))
            {
                feed.Append(new string(piece));
            }

            feed.Complete();
            Assert.Equal(Tokenizer.Decode(spoken), Tokenizer.Decode(feed.Read(0, 0).Ids));
        }
    }

    [Fact]
    public void Append_UnknownMarkInPieces_IsNamed()
    {
        var feed = new TextFeed(Tokenizer, new TextFrontend(Tokenizer).ReadArriving());
        feed.Append("你[ha");
        var e = Assert.Throws<CosyVoice.Text.Marks.PronunciationMarkException>(() => feed.Append("o]好。我"));
        Assert.Contains("[hao]", Assert.Single(e.Problems), StringComparison.Ordinal);
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
