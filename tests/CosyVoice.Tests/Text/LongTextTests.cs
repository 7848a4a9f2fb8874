using System.Diagnostics;
using System.Text;
using CosyVoice.Text;

namespace CosyVoice.Tests.Text;

public class LongTextTests
{
    private const int Chapter = 5_000;
    private const int Hostile = 100_000;

    private static readonly Tokenizer Tokenizer = Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer"));
    private static readonly TextFrontend Frontend = new(Tokenizer);

    [Theory]
    [InlineData("第12章讲了2024年5月1日的事，他花了¥1,299.50，走了3.5公里。天黑了！谁来了？", "。！？，")]
    [InlineData("他一路走来没有停下也没有说话只是看着远方的山和近处的水", "")]
    [InlineData("一共1234567890123456个", "")]
    [InlineData("On May 5, 2024, he paid $1,299.50 for 3.5 km of rope. Was it 10:45? Nobody knew; Mr. Smith said so: yes.", ".?;:,")]
    [InlineData("he walked on and on without a stop or a word to anyone at all ", "")]
    [InlineData("请读[h][ào]字，再读[M][AY0]。", "。，")]
    public void Prepare_Chapter_LosesNoWordAndKeepsTheLimit(string sentence, string marks)
    {
        var text = string.Concat(Enumerable.Repeat(sentence, (Chapter / sentence.Length) + 1))[..Chapter];
        text = text[..(text.LastIndexOf(sentence, StringComparison.Ordinal) + sentence.Length)];

        var segments = Frontend.Prepare(text);

        Assert.All(segments, segment => Assert.InRange(segment.Text.Length, 1, SegmentLimit.Longest));
        Assert.Equal(Words(Frontend.Normalize(text)), Words(string.Concat(segments.Select(segment => segment.Text))));
        Assert.True(marks.Length == 0
            || segments.All(segment => marks.Contains(segment.Text.TrimEnd()[^1])), "A segment ends within a clause.");
        Assert.All(segments, segment =>
            Assert.Equal(segment.Text.Count(letter => letter == '['), segment.Text.Count(letter => letter == ']')));
    }

    [Fact]
    public void Prepare_LongRowOfNumbers_IsNotCutWithinOne()
    {
        var text = string.Join("和", Enumerable.Range(10_000, 60));

        var segments = Frontend.Prepare(text);

        var numbers = segments.SelectMany(segment => segment.Text.TrimEnd('。').Split('和', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.True(segments.Count > 1);
        Assert.Equal(60, numbers.Length);
        Assert.All(numbers, number => Assert.StartsWith("一万", number, StringComparison.Ordinal));
    }

    [Fact]
    public void Prepare_OtherLanguage_IsNotCutWithinANumber()
    {
        var text = string.Concat(Enumerable.Repeat("Цена составляет 1234.56 рубля, время 10:45, курс 3.14 ", 30));

        Assert.All(Frontend.Prepare(text), segment => Assert.DoesNotMatch("^[.:0-9]", segment.Text));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("1,")]
    [InlineData("1-")]
    [InlineData("1:")]
    [InlineData("1/")]
    [InlineData("1 ")]
    [InlineData("12:34:")]
    [InlineData("2024-05-01-")]
    [InlineData("1,000,")]
    [InlineData("a.")]
    [InlineData("a@")]
    [InlineData("http://")]
    [InlineData("www.")]
    [InlineData("A.B.")]
    [InlineData("$1-")]
    [InlineData("<")]
    [InlineData("<!--")]
    [InlineData("<script>")]
    [InlineData("<p ")]
    [InlineData("&amp;")]
    [InlineData("&")]
    [InlineData("[")]
    [InlineData("[a](")]
    [InlineData("[[h]")]
    [InlineData("![](")]
    [InlineData("*")]
    [InlineData("_a")]
    [InlineData("`")]
    [InlineData("#")]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("\n")]
    [InlineData("|")]
    [InlineData("\\")]
    [InlineData("😀")]
    [InlineData(":)")]
    [InlineData("—")]
    [InlineData("~")]
    [InlineData("+1 ")]
    [InlineData("(1")]
    [InlineData("（")]
    [InlineData("\"")]
    [InlineData("1\"")]
    [InlineData("'")]
    [InlineData("^")]
    [InlineData("²")]
    [InlineData("X")]
    [InlineData("IV ")]
    [InlineData("Mr. ")]
    [InlineData("J. ")]
    [InlineData("May 1 ")]
    [InlineData("Mon-")]
    [InlineData("好")]
    [InlineData("第")]
    [InlineData("%")]
    [InlineData("½")]
    [InlineData("①")]
    [InlineData("\ud800")]
    [InlineData("\u0301")]
    [InlineData("\ue000")]
    [InlineData(" ")]
    [InlineData(">-")]
    public void Normalize_HostileRepetition_TakesLinearTime(string unit)
    {
        var repeated = string.Concat(Enumerable.Repeat(unit, Hostile / unit.Length));
        foreach (var text in (string[])[repeated, "好" + repeated, "the " + repeated + " is"])
        {
            var clock = Stopwatch.StartNew();
            Frontend.Normalize(text);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public void Prepare_RandomText_HasAResultWithinTheLimit()
    {
        const string Alphabet = "0123456789..,,::--//$¥€%°℃年月日点分元第好的两个 aAIVXmkMgst.()[]（）#*_`|<>&;~^²½①🎉\n\t'\"“”@+=×";
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(120); length > 0; length--)
            {
                text.Append(Alphabet[random.Next(Alphabet.Length)]);
            }

            try
            {
                Assert.All(Frontend.Prepare(text.ToString()), segment => Assert.InRange(segment.Text.Length, 1, SegmentLimit.Longest));
            }
            catch (CosyVoice.Text.Marks.PronunciationMarkException)
            {
                // Letters in brackets that touch.
            }
        }
    }

    private static string Words(string text) => string.Concat(text.Where(char.IsLetterOrDigit));
}
