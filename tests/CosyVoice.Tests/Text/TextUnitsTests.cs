using CosyVoice.Text;
using CosyVoice.Text.Arriving;

namespace CosyVoice.Tests.Text;

public sealed class TextUnitsTests
{
    private const string Letters = "ab Z19.,!?;:。，！？；…、“”\"'()[]【】\n#-*|+`你好三点年$%😀e\u0301<>/&";

    private static readonly string[] Passages =
    [
        "Dr. Smith paid $3.50 for it at 5 p.m. on Jan. 3. He left!",
        "气温是3.5度。明天会更好！真的吗？真的。\n\n# 标题\n第一段，没有句号\n- 一\n- 二\n1. 三\n2. 四\n正文。",
        "| a. B | c |\n|---|---|\n| 1 | 2 |\n\nBehind the table. End",
        "一句没有任何标点符号的非常非常长的中文句子在这里一直写下去直到最后才结束而且还要更长一些才行因为要超过最大的宽度所以我们再写一些字然后再写一些字直到真的超过了最大的宽度为止三百二十一然后就可以了吧大概还差一点点再来几个字好了现在够了",
        "[h][ào] and [M][AY0] (see p. 5. Or not) He said: \"Go.\" “Now!” U.S. troops... Really? yes. Ok. A. B. Smith",
    ];

    [Theory]
    [MemberData(nameof(Units))]
    public void Append_Text_IsCutWhereItIsReadAlone(string[] units) => Assert.Equal(units, Cut([string.Concat(units)]));

    public static TheoryData<string[]> Units => new()
    {
        { ["The price is $3.50. ", "It was 3.75 on Jan. 3, 2024. ", "Dr. Smith paid."] },
        { ["气温是3.5度。", "明天会更好！", "真的吗？”", "真的。"] },
        { ["# Heading\n\n", "Text behind\nof two lines. ", "End"] },
        { ["Ingredients:\n", "- flour\n", "- eggs\n\n", "Mix them."] },
        { ["See [a. B](http://x.org) there. ", "Then go."] },
        { ["| He came. She left. | b |\n|---|---|\n| c | d |\n\n", "End."] },
        { ["We walk along the river and through the valley until the evening, ", "and then we rest, if we can, for an hour"] },
    };

    [Fact]
    public void Append_AnySplitOfAnyText_GivesTheSameUnits()
    {
        var random = new Random(5);
        for (var round = 0; round < 3000; round++)
        {
            var text = round % 2 == 0
                ? string.Concat(Enumerable.Range(0, random.Next(600)).Select(_ => Letters[random.Next(Letters.Length)]))
                : string.Concat(Enumerable.Range(0, 3).Select(_ => Passages[random.Next(Passages.Length)]));
            var whole = Cut([text]);
            Assert.Equal(text, string.Concat(whole));
            Assert.All(whole, unit => Assert.InRange(unit.Length, 1, TextUnits.Longest + 40));
            Assert.Equal(whole, Cut(Split(text, random)));
        }
    }

    [Fact]
    public void Append_EndOfSentence_IsNotHeldBack()
    {
        var units = new TextUnits();
        Assert.Empty(units.Append("它很好。"));
        Assert.Equal(["它很好。"], units.Append("我"));
        Assert.Empty(units.Append("们。"));
        Assert.Equal(["我们。"], units.Flush());
        Assert.Empty(units.Append("It is. "));
        Assert.Equal(["It is. "], units.Append("W"));
    }

    [Fact]
    public void Append_LongWithoutAnyMark_IsCutBetweenWords()
    {
        var units = Cut([string.Concat(Enumerable.Repeat("and the 25 geese of 1990 went on ", 30))]);

        Assert.True(units.Count > 3);
        Assert.All(units.SkipLast(1), unit => Assert.Matches("(and|went|on) $", unit));
    }

    [Fact]
    public void Append_ChineseWithoutAnyMark_IsCutAwayFromNumbers()
    {
        var units = Cut([string.Concat(Enumerable.Repeat("我们在二零二四年三月走了125公里路然后就回家去了休息", 20))]);

        Assert.True(units.Count > 3);
        Assert.All(units.Skip(1), unit => Assert.DoesNotMatch("^.?.?[0-9二零四三月年]", unit));
    }

    [Theory]
    [InlineData("他问多少。3.5？好。", "他问多少。三点五？好。")]
    [InlineData("How much? 3.5? Good.", "How much? three point five? Good.")]
    [InlineData("```\nx = 1. y = 2\n\n# 3\n```\n\n# Title\n\nText", null)]
    public void Read_WhatWasSaidBefore_DecidesAsInOneText(string text, string? expected)
    {
        var frontend = new TextFrontend(Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer")));
        var arriving = frontend.ReadArriving()!;
        var read = string.Concat(text.Select(letter => arriving.Append($"{letter}"))) + arriving.Flush();

        Assert.Equal(Words(expected ?? frontend.Normalize(text)), Words(read));
    }

    private static string Words(string text) => string.Join(' ', text.TrimEnd('.', '。').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static List<string> Cut(IEnumerable<string> pieces)
    {
        var units = new TextUnits();
        return [.. pieces.SelectMany(units.Append).ToArray(), .. units.Flush()];
    }

    private static IEnumerable<string> Split(string text, Random random)
    {
        var most = 1 + random.Next(30);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(1 + random.Next(most), text.Length - at);
            yield return text.Substring(at, length);
            at += length;
        }
    }
}
