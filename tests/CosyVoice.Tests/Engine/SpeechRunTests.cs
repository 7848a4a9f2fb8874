using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyVoice.Tests.Engine;

public sealed class SpeechRunTests
{
    private static readonly SpeechRequest Request = new()
    {
        Segments = [new TextSegment("a", [1]), new TextSegment("b", [2])],
        Speaker = new Speaker { Id = "a", Embedding = [] },
        Seed = 1,
    };

    private static readonly SpeechCheckpoint Second = new() { Segment = 1, SampleOffset = 240_000 };

    [Fact]
    public void Resumed_GoesOnBehindTheCheckpoint()
    {
        var run = Run(Request with { Resume = Second });

        Assert.Equal((1, 1, 240_000L), (run.SegmentsStarted, run.SegmentsSpoken, run.Emitted));
        Assert.False(run.IsAhead);
    }

    [Fact]
    public void Resumed_HasNothingInHandAndGoesBeforeFirstPackets()
    {
        var first = Run(Request).Urgency(now: 100);
        var resumed = Run(Request with { Resume = Second });

        Assert.True(resumed.Urgency(now: 100).CompareTo(first) < 0);
        resumed.Emit(new float[48_000], segment: 1, [], checkpoint: null, ended: null, now: 100);
        Assert.True(resumed.Urgency(now: 100).CompareTo(first) > 0); // Two seconds in hand.
    }

    [Fact]
    public void Background_IsBehindEverybodyResumedOrNot()
    {
        var whole = Run(Request with { Streaming = false }).Urgency(now: 100);

        Assert.True(Run(Request with { Background = true }).Urgency(now: 100).CompareTo(whole) > 0);
        Assert.True(Run(Request with { Background = true, Resume = Second }).Urgency(now: 100).CompareTo(whole) > 0);
    }

    [Fact]
    public void Background_GetsOnNowAndThen_IsNotOneThatStandsStill()
    {
        var run = Run(Request with { Background = true });
        Assert.False(run.Urgency(now: 131).IsBackground);

        run.Emit(new float[1], segment: 0, [], checkpoint: null, ended: null, now: 131);

        Assert.True(run.Urgency(now: 131).IsBackground);
    }

    private static SpeechRun Run(SpeechRequest request) => new(request, sampleRate: 24_000, arrival: 100, default);
}
