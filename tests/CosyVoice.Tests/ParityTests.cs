using CosyVoice.Engine;
using CosyVoice.Parity;

namespace CosyVoice.Tests;

/// <summary>Every stage against what the reference computed.</summary>
public sealed class ParityTests
{
    public static TheoryData<string> Folders => [.. ParitySet.Known];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_AllCases_MatchTheReference(string folder)
    {
        using var output = new StringWriter();
        var report = new ParityReport(output);

        ParitySet.RunFolder(Repository.Fixture(folder), () => new ProcessorBackend(Environment.ProcessorCount), report);

        Assert.True(report.Failed == 0, string.Join('\n', report.Failures));
        Assert.True(report.Passed > 0, output.ToString());
    }
}
