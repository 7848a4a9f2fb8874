using CosyVoice.Parity;

namespace CosyVoice.Tests.Models;

/// <summary>The flow and its random numbers against what the reference computed.</summary>
public sealed class FlowParityTests
{
    [Theory]
    [InlineData("flow_v2")]
    [InlineData("rng")]
    public void Folder_EveryTensor_IsWithinTolerance(string folder)
    {
        var report = new ParityReport(TextWriter.Null);
        ParitySet.RunFolder(Repository.Fixture(folder), report);
        Assert.Empty(report.Failures);
        Assert.True(report.Passed > 0);
    }
}
