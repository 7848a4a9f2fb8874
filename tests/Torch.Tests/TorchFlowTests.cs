using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Parity;
using TorchSharp;

namespace CosyVoice.Torch.Tests;

public sealed class SecondTorchFlowTests() : TorchFlowTests("flow_v2");

public sealed class ThirdTorchFlowTests() : TorchFlowTests("flow_v3");

public abstract class TorchFlowTests : IDisposable
{
    private readonly TorchBackend _backend = TestDevice.Backend();
    private readonly FlowConfig _config;
    private readonly ITracedFlow _flow;

    protected TorchFlowTests(string folder)
    {
        var fixture = TestDevice.Fixture(folder);
        _config = FlowParity.ReadConfig(fixture.Config);
        using var weights = fixture.Open("weights.safetensors");
        _flow = (ITracedFlow)_backend.LoadFlow(weights, _config);
    }

    [Fact]
    public void Generate_WhateverRanBefore_SameBits()
    {
        FlowRequest[] requests = [Request(40), Request(7, promptTokens: 30), Request(28, streaming: true, finalize: false), Request(31)];
        float[][] first = [.. requests.Select(Generate)];
        float[][] second = [.. requests.Reverse().Select(Generate).Reverse()];
        Assert.Equal(first, second);
    }

    [Fact]
    public void Generate_SeveralCallersAtOnce_SameBitsAsAlone()
    {
        FlowRequest[] requests = [Request(40), Request(7, promptTokens: 30), Request(28, streaming: true, finalize: false)];
        float[][] alone = [.. requests.Select(Generate)];
        var together = new float[requests.Length][];
        Thread[] callers = [.. requests.Select((request, i) => new Thread(() => together[i] = Generate(request)))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData(5, 0, true, 10)]
    [InlineData(5, 20, false, 4)]
    [InlineData(32, 0, true, 64)]
    [InlineData(33, 0, true, 66)]
    public void Generate_Tokens_GivesTheFramesBehindThePrompt(int tokens, int promptTokens, bool finalize, int frames)
    {
        using var mel = _flow.Generate(Request(tokens, promptTokens, finalize: finalize));
        Assert.Equal((frames, _config.OutputSize), (mel.Rows, mel.Columns));
        Assert.DoesNotContain(mel.Span.ToArray(), value => !float.IsFinite(value));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(27)]
    public void Generate_StreamingWithMoreTokens_KeepsEveryCompleteChunk(int promptTokens)
    {
        // Other lengths run other kernels: the same up to their rounding.
        var chunk = _config.ChunkTokens;
        var toBoundary = chunk - (promptTokens % chunk);
        var first = Generate(Request(toBoundary + 3, promptTokens, streaming: true, finalize: false));
        foreach (var more in (int[])[1, chunk, 60])
        {
            var longer = Generate(Request(toBoundary + 3 + more, promptTokens, streaming: true, finalize: false));
            Assert.InRange(first.Zip(longer, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4f);
        }
    }

    [Fact]
    public void Generate_CancelledBetweenSteps_StopsBeforeTheNext()
    {
        using var cancellation = new CancellationTokenSource();
        var stages = new List<string>();
        Assert.Throws<OperationCanceledException>(() => _flow.Generate(
            Request(5),
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
    public void Generate_OnceMore_LeavesNoTensorBehind()
    {
        Generate(Request(20));
        Assert.Throws<OperationCanceledException>(() => _flow.Generate(Request(30), new CancellationToken(true)));
        var before = torch.Tensor.TotalCount;
        Generate(Request(21, promptTokens: 3));
        Assert.Throws<OperationCanceledException>(() => _flow.Generate(Request(30), new CancellationToken(true)));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Dispose_AfterUse_LeavesNoTensorBehind()
    {
        var before = torch.Tensor.TotalCount;
        using (var weights = TestDevice.Fixture(_config.Transformer is null ? "flow_v2" : "flow_v3").Open("weights.safetensors"))
        {
            using var flow = _backend.LoadFlow(weights, _config);
            flow.Generate(Request(4)).Dispose();
        }

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Generate_NegativeToken_MeansTokenZero()
    {
        var request = Request(3);
        Assert.Equal(Generate(request with { Tokens = new[] { 5, 0, 7 } }), Generate(request with { Tokens = new[] { 5, -1, 7 } }));
    }

    [Fact]
    public void Generate_BadRequest_NamesTheValueAndTheRange()
    {
        var error = Assert.Throws<ArgumentException>(() => _flow.Generate(Request(5) with { Tokens = new[] { 1, 400 } }));
        Assert.Contains("400 is no speech token; ids go from 0 to 399", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _flow.Dispose();
        _backend.Dispose();
        GC.SuppressFinalize(this);
    }

    private float[] Generate(FlowRequest request)
    {
        using var mel = _flow.Generate(request);
        return mel.Span.ToArray();
    }

    private FlowRequest Request(int tokens, int promptTokens = 0, bool streaming = false, bool finalize = true) =>
        FlowRequests.Create(_config, tokens, promptTokens, streaming, finalize);
}
