using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using CosyVoice.State;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class FrameCutterTests
{
    [Theory]
    [InlineData(new[] { 1000 })]
    [InlineData(new[] { 480, 480 })]
    [InlineData(new[] { 1, 479, 1, 960, 3 })]
    [InlineData(new[] { 479 })]
    [InlineData(new[] { 5, 0, 7 })]
    public void Add_ChunksOfAnyLength_FramesOfOneLengthInOrder(int[] chunks)
    {
        var cutter = new FrameCutter(480);
        var total = chunks.Sum();
        List<AudioFrame> frames = [];
        long offset = 0;
        foreach (var length in chunks)
        {
            frames.AddRange(cutter.Add(Chunk(offset, length)));
            offset += length;
        }

        frames.AddRange(cutter.Finish());

        Assert.Equal((total + 479) / 480, frames.Count);
        Assert.All(frames.SkipLast(1), frame => Assert.Equal(480, frame.Samples.Length));
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(i => (long)i), frames.Select(frame => frame.Number));
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(i => 480L * i), frames.Select(frame => frame.SampleOffset));
        Assert.Equal(Enumerable.Range(0, total).Select(i => (short)i), frames.SelectMany(frame => frame.Samples.ToArray()));
        Assert.Equal(total, cutter.Received);
    }

    [Fact]
    public void Add_ChunkWithTokens_TheyComeWithItsFirstSample()
    {
        var cutter = new FrameCutter(480);
        List<AudioFrame> frames =
        [
            .. cutter.Add(Chunk(0, 490, segment: 0, tokens: [1, 2])),
            .. cutter.Add(Chunk(490, 500, segment: 1, tokens: [3])),
        ];

        Assert.Equal([1, 2], Assert.Single(frames[0].Tokens).Tokens);
        var second = Assert.Single(frames[1].Tokens);
        Assert.Equal((1, 3), (second.Segment, Assert.Single(second.Tokens)));
    }

    [Fact]
    public void Add_EndsOfSegments_ComeWithTheFrameThatReachesThem()
    {
        var cutter = new FrameCutter(480);
        List<AudioFrame> frames =
        [
            .. cutter.Add(Ended(Chunk(0, 480, segment: 0))), .. cutter.Add(Ended(Chunk(480, 490, segment: 1))), .. cutter.Add(Ended(Chunk(970, 5, segment: 2))),
            .. cutter.Finish(),
        ];

        Assert.Equal([[(0, 480)], [], [(1, 970), (2, 975)]], frames.Select(frame => frame.Ends.Select(end => (end.Segment, end.SampleOffset)).ToArray()));
        Assert.Equal("text 2", frames[2].Ends[1].Text);
    }

    [Theory]
    [InlineData(1, 480)]
    [InlineData(2, 960)]
    public void Add_AfterAResumption_EndsThatWereHadAreLeftOut(long number, long had)
    {
        var cutter = new FrameCutter(480, new SpeechResumption(number, had, null));
        List<AudioFrame> frames =
        [
            .. cutter.Add(Ended(Chunk(0, 480, segment: 0))), .. cutter.Add(Ended(Chunk(480, 490, segment: 1))), .. cutter.Finish(),
        ];

        Assert.Equal([970L], frames.SelectMany(frame => frame.Ends).Select(end => end.SampleOffset));
    }

    private static AudioChunk Ended(AudioChunk chunk) => chunk with { Ended = new SegmentReport($"text {chunk.Segment}") };

    [Fact]
    public void Add_ChunksWithCheckpoints_EachFrameHasTheNewestThatItReaches()
    {
        var cutter = new FrameCutter(480);
        List<AudioFrame> frames =
        [
            .. cutter.Add(Chunk(0, 100)), .. cutter.Add(Chunk(100, 380)), .. cutter.Add(Chunk(480, 960)), .. cutter.Add(Chunk(1440, 1)),
            .. cutter.Finish(),
        ];

        Assert.Equal([480L, null, 1440L, 1441L], frames.Select(frame => frame.Checkpoint?.SampleOffset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Add_Resumed_FramesGoOnAsIfNothingHadHappened(int had)
    {
        int[] chunks = [100, 700, 3, 480, 900];
        var frames = Cut(new FrameCutter(480), chunks, from: 0);

        foreach (var begin in Enumerable.Range(0, chunks.Length).Where(i => chunks.Take(i).Sum() <= had * 480))
        {
            var checkpoint = new SpeechCheckpoint { Segment = 0, SampleOffset = chunks.Take(begin).Sum() };
            var rest = Cut(new FrameCutter(480, new SpeechResumption(had, had * 480, checkpoint)), chunks, begin);

            Assert.Equal(frames.Skip(had).Select(Shown), rest.Select(Shown));
        }
    }

    [Fact]
    public void Finish_ResumedBehindTheEnd_IsEmptyUnlessMoreIsHadThanThereIs()
    {
        var had = new FrameCutter(480, new SpeechResumption(3, 1440, null));
        Assert.Empty(had.Add(Chunk(0, 1000)).Concat(had.Finish()));

        var more = new FrameCutter(480, new SpeechResumption(4, 1920, null));
        Assert.Empty(more.Add(Chunk(0, 1000)));
        Assert.Contains("1000", Assert.Throws<StateException>(() => more.Finish().Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_SamplesMissing_Throws()
    {
        var cutter = new FrameCutter(480);
        _ = cutter.Add(Chunk(0, 100)).Count();

        var e = Assert.Throws<InvalidOperationException>(() => cutter.Add(Chunk(101, 10)));

        Assert.Equal("A chunk starts at sample 101 where 100 was due.", e.Message);
    }

    private static AudioChunk Chunk(long offset, int length, int segment = 0, int[]? tokens = null) =>
        new(offset, Enumerable.Range(0, length).Select(i => (offset + i) / 32768f).ToArray(), segment, tokens ?? [],
            new SpeechCheckpoint { Segment = segment, SampleOffset = offset + length });

    private static List<AudioFrame> Cut(FrameCutter cutter, int[] chunks, int from)
    {
        List<AudioFrame> frames = [];
        for (var i = from; i < chunks.Length; i++)
        {
            frames.AddRange(cutter.Add(Chunk(chunks.Take(i).Sum(), chunks[i], tokens: [i])));
        }

        frames.AddRange(cutter.Finish());
        return frames;
    }

    private static string Shown(AudioFrame frame) =>
        $"{frame.Number} {frame.SampleOffset} {frame.Checkpoint?.SampleOffset} "
        + $"{string.Join(',', frame.Tokens.SelectMany(tokens => tokens.Tokens))} {string.Join(',', frame.Samples.ToArray())}";
}
