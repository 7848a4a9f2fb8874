using CosyVoice.Parity;
using CosyVoice.Tests;

namespace CosyVoice.Torch.Tests;

/// <summary>Flow, vocoder and whole models against what the reference computed, within the tolerances of the processor's suite.</summary>
public sealed class SynthesisParityTests
{
    [Theory]
    [InlineData("flow_v2")]
    [InlineData("flow_v3")]
    [InlineData("hift_v2")]
    [InlineData("hift_v3")]
    [InlineData("model_v2")]
    [InlineData("model_v3")]
    public void Folder_AllCases_MatchTheReference(string folder)
    {
        using var output = new StringWriter();
        var report = new ParityReport(output);

        ParitySet.RunFolder(Repository.Fixture(folder), () => TestDevice.Backend(), report);

        Assert.True(report.Failed == 0, string.Join('\n', report.Failures));
        Assert.True(report.Passed > 0, output.ToString());
    }
}
