using CosyVoice.Engine;
using CosyVoice.Parity;
using CosyVoice.Weights;

namespace CosyVoice.Torch.Tests;

/// <summary>A checkpoint that does not fit is refused in the same words by every backend.</summary>
public sealed class SynthesisWeightsTests
{
    [Theory]
    [InlineData("flow_v2")]
    [InlineData("flow_v3")]
    public void LoadFlow_OtherWeights_NamesThemAsTheProcessor(string folder)
    {
        var fixture = TestDevice.Fixture(folder);
        var config = FlowParity.ReadConfig(fixture.Config);
        using var wrong = TestDevice.Fixture(folder == "flow_v2" ? "flow_v3" : "flow_v2").Open("weights.safetensors");
        AssertSameProblems(backend => backend.LoadFlow(wrong, config));
    }

    [Theory]
    [InlineData("hift_v2")]
    [InlineData("hift_v3")]
    public void LoadVocoder_OtherWeights_NamesThemAsTheProcessor(string folder)
    {
        var fixture = TestDevice.Fixture(folder);
        var config = HiftParity.ReadConfig(fixture.Config) with { BaseChannels = 32 };
        using var weights = fixture.Open("weights.safetensors");
        AssertSameProblems(backend => backend.LoadVocoder(weights, config));
    }

    private static void AssertSameProblems(Func<IStageBackend, IDisposable> load)
    {
        using var processor = new ProcessorBackend(1);
        using var device = TestDevice.Backend();
        var expected = Assert.Throws<CheckpointException>(() => load(processor));
        var before = TorchSharp.torch.Tensor.TotalCount;
        var error = Assert.Throws<CheckpointException>(() => load(device));
        Assert.NotEmpty(expected.Problems);
        Assert.Equal(expected.Problems.Order(StringComparer.Ordinal), error.Problems.Order(StringComparer.Ordinal));
        Assert.Equal(before, TorchSharp.torch.Tensor.TotalCount);
    }
}
