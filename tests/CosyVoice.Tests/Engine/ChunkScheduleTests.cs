using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public sealed class ChunkScheduleTests
{
    [Fact]
    public void Next_WithPrompt_EndsTheAttentionChunkFirstThenDoubles()
    {
        // 27 prompt tokens: 23 more end the second chunk of 25.
        Assert.Equal([48, 98, 198, 298, 350], Offsets(Play(new(true, 25, 3, 27), 350)));
    }

    [Fact]
    public void Next_WithoutPrompt_BeginsWithOneHop()
    {
        Assert.Equal([25, 75, 82], Offsets(Play(new(true, 25, 3, 0), 82)));
    }

    [Fact]
    public void Next_NonFinalChunk_SeesTheLookAhead()
    {
        Assert.Equal(new FlowChunk(28, 0, Streaming: true, Finalize: false), new ChunkSchedule(true, 25, 3, 0).Next(28, false));
    }

    [Fact]
    public void Next_LastChunk_IsFinalWithFullAttention()
    {
        Assert.Equal(new FlowChunk(82, 75, Streaming: false, Finalize: true), Play(new(true, 25, 3, 0), 82)[^1]);
    }

    [Fact]
    public void Next_OneTokenShort_Waits()
    {
        var schedule = new ChunkSchedule(true, 25, 3, 0);

        Assert.False(schedule.IsReady(27, false));
        Assert.Null(schedule.Next(27, false));
        Assert.True(schedule.IsReady(28, false));
    }

    [Fact]
    public void Next_NotStreaming_SpeaksOnceAtTheEnd()
    {
        var schedule = new ChunkSchedule(false, 25, 3, 0);

        Assert.Null(schedule.Next(1000, false));
        Assert.Equal(new FlowChunk(1000, 0, Streaming: false, Finalize: true), schedule.Next(1000, true));
        Assert.True(schedule.Done);
        Assert.Null(schedule.Next(1000, true));
    }

    [Fact]
    public void Next_NoTokens_EndsWithoutAChunk()
    {
        var schedule = new ChunkSchedule(true, 25, 3, 0);

        Assert.Null(schedule.Next(0, true));
        Assert.True(schedule.Done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(400)]
    public void Next_WheneverItIsAsked_PlansTheSameChunks(int tokensBetweenLooks)
    {
        var schedule = new ChunkSchedule(true, 25, 3, 40);
        var chunks = new List<FlowChunk>();
        for (var available = 0; !schedule.Done; available += tokensBetweenLooks)
        {
            while (schedule.Next(Math.Min(available, 400), available >= 400) is { } chunk)
            {
                chunks.Add(chunk);
            }
        }

        Assert.Equal(Play(new(true, 25, 3, 40), 400), chunks);
    }

    private static List<FlowChunk> Play(ChunkSchedule schedule, int tokens)
    {
        var chunks = new List<FlowChunk>();
        while (schedule.Next(tokens, true) is { } chunk)
        {
            chunks.Add(chunk);
        }

        return chunks;
    }

    /// <summary>Tokens spoken after each chunk.</summary>
    private static IEnumerable<int> Offsets(List<FlowChunk> chunks) => chunks.Skip(1).Select(chunk => chunk.Offset).Append(chunks[^1].Tokens);
}
