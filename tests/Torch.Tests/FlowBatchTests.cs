using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Torch.Flow;
using CosyVoice.Weights;

namespace CosyVoice.Torch.Tests;

/// <summary>Several requests in one call of the flow.</summary>
public sealed class FlowBatchTests
{
    private const int Width = 3;

    [Theory]
    [InlineData("flow_v2")]
    [InlineData("flow_v3")]
    public void Generate_InCompany_SameBitsAsAlone(string folder)
    {
        using var flow = Load(folder, Width, out var config);
        FlowRequest[] requests =
        [
            FlowRequests.Create(config, 60),
            FlowRequests.Create(config, 20, promptTokens: 30),
            FlowRequests.Create(config, 40, streaming: true, finalize: false),
        ];
        float[][] alone = [.. requests.Select(request => Generate(flow, [request])[0])];
        Assert.Equal(alone, Generate(flow, requests));
        Assert.Equal([alone[2], alone[0]], Generate(flow, [requests[2], requests[0]]));
    }

    [Theory]
    [InlineData("flow_v2")]
    [InlineData("flow_v3")]
    public void Generate_OfAnotherWidth_IsTheSameUpToRounding(string folder)
    {
        using var wide = Load(folder, Width, out var config);
        using var narrow = Load(folder, 1, out _);
        var request = FlowRequests.Create(config, 40, promptTokens: 9, streaming: true);
        var (expected, got) = (Generate(narrow, [request])[0], Generate(wide, [request])[0]);
        Assert.InRange(expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4f);
    }

    [Fact]
    public void Generate_TooManyOrOfOtherLengths_IsRefused()
    {
        using var flow = Load("flow_v3", 2, out var config);
        var (shorter, longer) = (FlowRequests.Create(config, 32), FlowRequests.Create(config, 33));
        var tooMany = Assert.Throws<ArgumentException>(() => flow.Generate([shorter, shorter, shorter]));
        Assert.Contains("3 requests in one call; this flow takes 1 to 2", tooMany.Message, StringComparison.Ordinal);
        var others = Assert.Throws<ArgumentException>(() => flow.Generate([shorter, longer]));
        Assert.Contains("Requests of 64 and 32 padded tokens", others.Message, StringComparison.Ordinal);
    }

    private static TorchFlow Load(string folder, int width, out FlowConfig config)
    {
        var fixture = TestDevice.Fixture(folder);
        var read = FlowParity.ReadConfig(fixture.Config);
        using var backend = TestDevice.Backend();
        using var weights = fixture.Open("weights.safetensors");
        config = read;
        return WeightScope.ReadAll(weights, w => backend.Fill(exact: false, store => new TorchFlow(store, w, read, null, TestDevice.Options() with { ChunkRows = width })));
    }

    private static float[][] Generate(TorchFlow flow, IReadOnlyList<FlowRequest> requests)
    {
        return [.. flow.Generate(requests).Select(Values)];

        static float[] Values(Kernels.Tensor mel)
        {
            using (mel)
            {
                return mel.Span.ToArray();
            }
        }
    }
}
