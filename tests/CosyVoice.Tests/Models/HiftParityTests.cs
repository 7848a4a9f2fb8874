using CosyVoice.Parity;

namespace CosyVoice.Tests.Models;

/// <summary>The vocoder against what the reference computed.</summary>
public sealed class HiftParityTests
{
    [Fact]
    public void Folder_EveryTensor_IsWithinTolerance()
    {
        var report = new ParityReport(TextWriter.Null);
        ParitySet.RunFolder(Repository.Fixture("hift_v2"), report);
        Assert.Empty(report.Failures);
        Assert.Equal(29, report.Passed);
    }
}
