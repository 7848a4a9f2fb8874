using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

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
    public void Add_SamplesMissing_Throws()
    {
        var cutter = new FrameCutter(480);
        _ = cutter.Add(Chunk(0, 100)).Count();

        var e = Assert.Throws<InvalidOperationException>(() => cutter.Add(Chunk(101, 10)));

        Assert.Equal("A chunk starts at sample 101 where 100 was due.", e.Message);
    }

    private static AudioChunk Chunk(long offset, int length, int segment = 0, int[]? tokens = null) =>
        new(offset, Enumerable.Range(0, length).Select(i => (offset + i) / 32768f).ToArray(), segment, tokens ?? []);
}
