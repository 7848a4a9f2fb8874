namespace CosyOrleans.Grains.Tests.Synthesis;

/// <summary>Which worker is asked, and which goes on.</summary>
public sealed class WorkerChoiceTests : FollowedSpeechBench
{
    [Fact]
    public void Choose_WhoHasAPlace_GoesBeforeWhoHasALineHoweverFastItMoves()
    {
        var (full, free) = (Add("full"), Add("free"));
        full.Report(0, running: 8);
        free.Report(100, running: 7);

        Assert.Equal("free", Workers.Choose("amy", [])!.Key);
        Assert.Equal("full", Workers.Choose("amy", ["free"])!.Key);
    }

    [Fact]
    public void ChooseToGoOn_HoldersOfTheVoiceAndOfThoseTheLessCrowded()
    {
        var (crowded, other, stranger) = (Add("crowded"), Add("other"), Add("stranger"));
        crowded.Report(0, running: 8, voices: "amy");
        other.Report(100, running: 7, voices: "amy");
        stranger.Report(0, running: 0);

        Assert.Equal("other", Workers.ChooseToGoOn("amy", null, [])!.Key);
        other.Seat.Sent();
        other.Seat.Sent();
        Assert.Equal("crowded", Workers.ChooseToGoOn("amy", null, [])!.Key);
        Assert.Equal("stranger", Workers.ChooseToGoOn("amy", null, ["crowded", "other"])!.Key);
    }

    [Fact]
    public void ChooseToGoOn_SameFingerprint_BeforeVoiceAndCrowd()
    {
        var (same, other) = (Add("same", fingerprint: "gpu"), Add("other", fingerprint: "cpu"));
        same.Report(100, running: 8);
        other.Report(0, running: 0, voices: "amy");

        Assert.Equal("same", Workers.ChooseToGoOn("amy", "gpu", [])!.Key);
        Assert.Equal("other", Workers.ChooseToGoOn("amy", "gpu", ["same"])!.Key);
        Assert.Equal("other", Workers.ChooseToGoOn("amy", null, [])!.Key);
    }

    [Fact]
    public async Task Follow_WorkerLost_OneThatSoundsTheSameGoesOnAndAnotherKindOnlyThen()
    {
        var first = Add("a", fingerprint: "gpu");
        var listener = ListenAsync(Start());
        var call = first.Take();
        call.Begin();
        call.Frame(0);
        await DeliveredAsync(1);
        var other = Add("b", fingerprint: "cpu");
        var same = Add("c", fingerprint: "gpu");
        same.Report(100, running: 7);
        first.Disconnect();
        var second = same.Take(); // Though it is the busier one.
        second.Begin();
        second.Frame(1);
        await DeliveredAsync(2);

        same.Disconnect();
        var last = other.Take();
        last.Begin();
        last.Frame(2);
        last.End();

        Assert.Equal([0, 1, 2], await listener);
    }
}
