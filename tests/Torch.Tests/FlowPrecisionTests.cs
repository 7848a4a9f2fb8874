using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Parity;
using CosyVoice.Tests;
using CosyVoice.Weights;

namespace CosyVoice.Torch.Tests;

public sealed class FlowPrecisionTests
{
    // Measured on libtorch's processor kernels: 63 and 46 dB for the fixtures, 47 dB for the built-in voice.
    private const double MinimumDb = 40;

    [Theory]
    [InlineData("flow_v2")]
    [InlineData("flow_v3")]
    public void Generate_BFloat16_IsNearSingle(string folder)
    {
        var fixture = TestDevice.Fixture(folder);
        using var weights = fixture.Open("weights.safetensors");
        AssertNear(weights, FlowParity.ReadConfig(fixture.Config));
    }

    [Fact]
    public void Generate_BFloat16OfTheBuiltInVoice_IsNearSingle()
    {
        var model = ModelDirectory.Open(Repository.File("models/default"));
        using var weights = model.OpenFlow();
        AssertNear(weights, model.Config.Flow);
    }

    private static void AssertNear(Checkpoint weights, FlowConfig config)
    {
        var request = FlowRequests.Create(config, tokens: 60, promptTokens: 30);
        var single = Generate(weights, config, TorchPrecision.Float32, request);
        var half = Generate(weights, config, TorchPrecision.BFloat16, request);
        var signal = single.Sum(value => (double)value * value);
        var noise = single.Zip(half, (a, b) => ((double)a - b) * ((double)a - b)).Sum();
        Assert.InRange(10 * Math.Log10(signal / noise), MinimumDb, double.MaxValue);
    }

    private static float[] Generate(Checkpoint weights, FlowConfig config, TorchPrecision precision, FlowRequest request)
    {
        using var backend = TestDevice.Backend(precision);
        using var flow = backend.LoadFlow(weights, config);
        using var mel = flow.Generate(request);
        return mel.Span.ToArray();
    }
}
