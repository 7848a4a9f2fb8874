using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Models;

public sealed class SecondFlowTests(SecondFlow fixture) : FlowModelTests(fixture), IClassFixture<SecondFlow>;

public sealed class ThirdFlowTests(ThirdFlow fixture) : FlowModelTests(fixture), IClassFixture<ThirdFlow>;

public abstract class FlowModelTests(FlowFixture fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Generate_AnyThreadCount_SameBits(bool streaming)
    {
        var request = fixture.Request(130, promptTokens: 12, streaming);
        using var expected = fixture.Flow.Generate(request);
        foreach (var threads in (int[])[1, 3, 5])
        {
            using var workers = new Workers(threads);
            using var flow = fixture.Load(workers);
            using var mel = flow.Generate(request);
            Samples.AssertSameBits(expected.Span, mel.Span);
        }
    }

    [Fact]
    public void Generate_SeveralCallersAtOnce_SameBitsAsAlone()
    {
        FlowRequest[] requests = [fixture.Request(40), fixture.Request(7, promptTokens: 30), fixture.Request(28, streaming: true, finalize: false)];
        float[][] alone = [.. requests.Select(Generate)];
        var together = new float[requests.Length][];
        Thread[] callers = [.. requests.Select((request, i) => new Thread(() => together[i] = Generate(request)))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        for (var i = 0; i < requests.Length; i++)
        {
            Samples.AssertSameBits(alone[i], together[i]);
        }
    }

    [Theory]
    [InlineData(5, 0, true, 10)]
    [InlineData(5, 0, false, 4)]
    [InlineData(5, 20, true, 10)]
    [InlineData(4, 20, false, 2)]
    public void Generate_Tokens_GivesTheFramesBehindThePrompt(int tokens, int promptTokens, bool finalize, int frames)
    {
        using var mel = fixture.Flow.Generate(fixture.Request(tokens, promptTokens, finalize: finalize));
        Assert.Equal((frames, fixture.Config.OutputSize), (mel.Rows, mel.Columns));
        Assert.DoesNotContain(mel.Span.ToArray(), value => !float.IsFinite(value));
    }

    [Fact]
    public void Generate_PromptMelChanged_ChangesTheFramesBehindIt()
    {
        var request = fixture.Request(5, promptTokens: 10);
        var silent = request with { PromptMel = new float[request.PromptMel.Length] };
        Assert.NotEqual(Generate(request), Generate(silent));
    }

    [Fact]
    public void Generate_NegativeToken_MeansTokenZero()
    {
        var request = fixture.Request(3);
        Assert.Equal(Generate(request with { Tokens = new[] { 5, 0, 7 } }), Generate(request with { Tokens = new[] { 5, -1, 7 } }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    public void Generate_StreamingWithMoreTokens_KeepsEveryCompleteChunk(int promptTokens)
    {
        // Chunks of 25 tokens are counted from the start of the prompt; three more tokens are look-ahead.
        var chunk = fixture.Config.ChunkTokens;
        var toBoundary = chunk - (promptTokens % chunk);
        var settled = toBoundary * fixture.Config.TokenMelRatio * fixture.Config.OutputSize;
        var first = Generate(fixture.Request(toBoundary + 3, promptTokens, streaming: true, finalize: false));
        Assert.Equal(settled, first.Length);
        foreach (var more in (int[])[1, chunk, 60])
        {
            var longer = Generate(fixture.Request(toBoundary + 3 + more, promptTokens, streaming: true, finalize: false));
            Samples.AssertSameBits(first, longer.AsSpan(0, settled));
        }
    }

    [Fact]
    public void Generate_StreamingWithMoreTokens_ChangesAnIncompleteChunk()
    {
        var shorter = Generate(fixture.Request(20, streaming: true, finalize: false));
        var longer = Generate(fixture.Request(21, streaming: true, finalize: false));
        Assert.NotEqual(shorter, longer[..shorter.Length]);
    }

    [Fact]
    public void Generate_CancelledBetweenSteps_StopsBeforeTheNext()
    {
        using var cancellation = new CancellationTokenSource();
        var stages = new List<string>();
        Assert.Throws<OperationCanceledException>(() => fixture.Flow.Generate(
            fixture.Request(5),
            (stage, _, _) =>
            {
                stages.Add(stage);
                if (stage == "x_after_step3")
                {
                    cancellation.Cancel();
                }
            },
            cancellation.Token));
        Assert.Equal("x_after_step3", stages[^1]);
    }

    [Fact]
    public void Generate_AfterACancelledCall_GivesTheSameAsBefore()
    {
        var request = fixture.Request(9);
        var before = Generate(request);
        Assert.Throws<OperationCanceledException>(() => fixture.Flow.Generate(fixture.Request(30), new CancellationToken(true)));
        Assert.Equal(before, Generate(request));
    }

    [Fact]
    public void Generate_MoreFramesThanNoise_NamesBothAndWhatToDo()
    {
        var error = Assert.Throws<ArgumentException>(() => fixture.Flow.Generate(fixture.Request(7501)));
        Assert.Contains("15002 frames", error.Message, StringComparison.Ordinal);
        Assert.Contains("15000", error.Message, StringComparison.Ordinal);
        Assert.Contains("split the text", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_BadRequest_NamesTheValueAndTheRange()
    {
        var good = fixture.Request(5, promptTokens: 4);
        Refused("191 values; this model takes 192", good with { Embedding = new float[191] });
        Refused("400 is no speech token; ids go from 0 to 399", good with { Tokens = new[] { 1, 400 } });
        Refused("401 is no speech token", good with { PromptTokens = new[] { 401 } });
        Refused("0 tokens yield no frames: at least 1", good with { Tokens = default });
        Refused("3 tokens yield no frames: at least 4", good with { Tokens = new[] { 1, 2, 3 }, Finalize = false });
        Refused("81 values of prompt mel", good with { PromptMel = new float[81] });
        Refused("The prompt mel has 18 frames but all tokens make only 18", good with { PromptMel = new float[18 * 80] });

        void Refused(string expected, FlowRequest request) =>
            Assert.Contains(expected, Assert.Throws<ArgumentException>(() => fixture.Flow.Generate(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoiseOfOtherChannels_IsRefused() =>
        Assert.Throws<ArgumentException>(() => fixture.Load(fixture.Workers, new FlowNoise(new float[79], 79)));

    private float[] Generate(FlowRequest request)
    {
        using var mel = fixture.Flow.Generate(request);
        return mel.Span.ToArray();
    }
}
