using CosyVoice.Parity;
using CosyVoice.Tests;

namespace CosyVoice.Torch.Tests;

/// <summary>The language model on a device against what the reference computed.</summary>
public sealed class LanguageModelParityTests
{
    [Theory]
    [InlineData("llm_v2", 16)]
    [InlineData("llm_v3", 16)]
    [InlineData("llm_v2", 1)]
    [InlineData("sampling", 16)]
    public void Folder_AllCases_MatchTheReference(string folder, int decodeRows)
    {
        using var output = new StringWriter();
        var report = new ParityReport(output);
        var options = LanguageModels.Options(decodeRows, positions: 2048);

        ParitySet.RunFolder(Repository.Fixture(folder), () => new TorchBackend(options), report);

        Assert.True(report.Failed == 0, string.Join('\n', report.Failures));
        Assert.True(report.Passed > 0, output.ToString());
    }
}
