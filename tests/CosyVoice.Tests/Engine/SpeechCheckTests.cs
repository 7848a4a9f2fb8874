using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public sealed class SpeechCheckTests
{
    private const string English = "The weather is very nice this morning."; // 10 syllables, counted as 11.
    private const string Chinese = "今天天气非常好，我们走吧。"; // 11.

    [Theory]
    [InlineData(English, 60, SpeechFault.None)]
    [InlineData(English, 26, SpeechFault.None)]
    [InlineData(English, 18, SpeechFault.TooShort)]
    [InlineData(English, 170, SpeechFault.None)]
    [InlineData(English, 250, SpeechFault.TooLong)]
    [InlineData(Chinese, 60, SpeechFault.None)]
    [InlineData(Chinese, 20, SpeechFault.TooShort)]
    [InlineData(Chinese, 260, SpeechFault.TooLong)]
    [InlineData("Hi.", 40, SpeechFault.None)]
    public void Find_ByLength(string text, int tokens, SpeechFault fault) =>
        Assert.Equal(fault, SpeechCheck.Find(text, Varied(tokens)));

    [Theory]
    [InlineData(1, 90)]
    [InlineData(20, 80)]
    [InlineData(60, 185)]
    public void Find_ACircle_IsFoundAlsoWithSlips(int period, int length)
    {
        var tokens = Varied(30);
        for (var i = 0; i < length; i++)
        {
            tokens.Add(i % 11 == 10 ? 4000 + i : 3000 + (i % period));
        }

        Assert.Equal(SpeechFault.Repeating, SpeechCheck.Find(string.Concat(Enumerable.Repeat(English, 3)), tokens));
    }

    [Fact]
    public void Find_TheSameTwice_IsNoCircle() =>
        Assert.Equal(SpeechFault.None, SpeechCheck.Find(English + English, [.. Varied(60), .. Varied(60)]));

    private static List<int> Varied(int count) => [.. Enumerable.Range(0, count).Select(i => (i * 7919) % 6561)];
}
