using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Jobs;
using CosyVoice.Text.Arriving;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class TextInputTests
{
    [Fact]
    public async Task ReadAll_ManyReaders_EachGetsAllFromTheBeginning()
    {
        var text = new TextInput();
        text.Append("a");
        var early = text.ReadAllAsync().ToListAsync().AsTask();
        text.Append("b");
        text.Flush();
        text.Flush();
        text.Append("");
        text.Complete();
        text.Complete();

        TextPiece[] expected = ["a", "b", new("", Flush: true)];
        Assert.Equal(expected, await early);
        Assert.Equal(expected, await text.ReadAllAsync().ToListAsync());
    }

    [Fact]
    public void Flush_NothingSince_ChangesNothing()
    {
        var text = new TextInput();
        text.Flush();
        text.Complete();

        Assert.Empty(text.ReadAllAsync().ToBlockingEnumerable());
    }

    [Fact]
    public async Task Append_SurrogatePairInTwoPieces_IsPutTogether()
    {
        var text = new TextInput();
        foreach (var half in "a😀b")
        {
            text.Append($"{half}");
        }

        text.Complete();
        Assert.Equal(["a", "😀", "b"], (await text.ReadAllAsync().ToListAsync()).Select(piece => piece.Text));
    }

    [Theory]
    [InlineData(0x0007, "U+0007")]
    [InlineData(0xde00, "half of a surrogate pair")]
    public async Task Append_Unspeakable_IsRefusedForWriterAndReader(int character, string reason)
    {
        var text = new TextInput();
        var e = Assert.Throws<SpeechException>(() => text.Append($"a{(char)character}"));

        Assert.Equal(SpeechErrorCodes.TextUnsupported, e.Code);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Same(e, await Assert.ThrowsAsync<SpeechException>(async () => await text.ReadAllAsync().ToListAsync()));
    }

    [Fact]
    public async Task Complete_HalfOfASurrogatePairLeft_IsRefused()
    {
        var text = new TextInput();
        text.Append("a\ud83d");
        text.Complete();

        var e = await Assert.ThrowsAsync<SpeechException>(async () => await text.ReadAllAsync().ToListAsync());
        Assert.Equal(SpeechErrorCodes.TextUnsupported, e.Code);
    }

    [Fact]
    public void Append_AsMuchAsIsAllowed_IsTakenAndNoMore()
    {
        var text = new TextInput();
        text.Append(new string('a', 60_000));
        text.Append(new string('a', 40_000));
        Assert.Equal(100_000, text.Characters);

        var e = Assert.Throws<SpeechException>(() => text.Append("a"));
        Assert.Equal(SpeechErrorCodes.TextTooLong, e.Code);
        Assert.Contains("100,000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAll_NothingComes_FailsWhenTheLimitHasPassedSinceTheLastPiece()
    {
        var time = new TimerTime();
        var text = new TextInput(time, TimeSpan.FromSeconds(23));
        time.Advance(TimeSpan.FromSeconds(22));
        text.Append("a");
        await using var pieces = text.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        time.Advance(TimeSpan.FromSeconds(3));
        var next = pieces.MoveNextAsync();

        Assert.Equal(TimeSpan.FromSeconds(20), await time.NextAsync());
        var e = await Assert.ThrowsAsync<SpeechException>(() => next.AsTask().WaitAsync(TestService.Patience));
        Assert.Equal((SpeechErrorCodes.TextTimeout, "No text came for 23 seconds."), (e.Code, e.Message));
    }

    [Fact]
    public void Append_AfterTheEnd_IsAMistakeOfTheCaller()
    {
        var text = new TextInput();
        text.Complete();

        Assert.Throws<InvalidOperationException>(() => text.Append("a"));
        Assert.Throws<InvalidOperationException>(text.Flush);
    }
}
