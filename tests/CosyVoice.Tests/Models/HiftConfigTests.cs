namespace CosyVoice.Tests.Models;

public sealed class HiftConfigTests(HiftFixture fixture) : IClassFixture<HiftFixture>
{
    [Fact]
    public void Validate_SeveralWrong_NamesAll()
    {
        var wrong = fixture.Config with
        {
            BaseChannels = 500,
            UpsampleKernelSizes = [16, 10, 7],
            IstftHopLen = 9,
            ResblockKernelSizes = [3, 6, 11],
            SourceResblockDilationSizes = [[1, 3, 5], [], [1]],
        };
        var message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        foreach (var part in (string[])
            ["base_channels 500", "upsample_kernel_sizes [16, 10, 7]", "hop_len 9", "resblock_kernel_sizes [3, 6, 11]", "source_resblock_dilation_sizes [[1, 3, 5], [], [1]]"])
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_RatesWhoseProductIsBeyondAllMeasure_NamesThem()
    {
        var wrong = fixture.Config with { UpsampleRates = [100000, 100000, 3], UpsampleKernelSizes = [100000, 100000, 7] };
        var message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        Assert.Contains("upsample_rates [100000, 100000, 3] times hop_len 4: at most 8192", message, StringComparison.Ordinal);
    }

    [Fact]
    public void HopLength_RatesOfTheModel_IsThatOfItsMel() => Assert.Equal(480, fixture.Config.HopLength);
}
