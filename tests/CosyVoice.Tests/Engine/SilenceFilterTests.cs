using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Tests.Engine;

public sealed class SilenceFilterTests
{
    private static readonly int[] Decoded = [7, 1, 2, 28, 29, 55, 248, 494, 8, 1, 1, 1, 1, 1, 9, 2323, 1, 1, 1, 1, 1];

    [Fact]
    public void Spoken_CosyVoice3_KeepsFiveSilentTokensInARow() => Assert.Equal(
        [7, 1, 2, 28, 29, 55, 8, 1, 1, 1, 1, 1, 9, 2323, 1, 1, 1, 1], new SilenceFilter(ModelKind.CosyVoice3).Spoken(Decoded));

    [Fact]
    public void Spoken_TokenByToken_IsTheSame()
    {
        var filter = new SilenceFilter(ModelKind.CosyVoice3);
        var spoken = filter.Spoken([]);
        for (var count = 1; count <= Decoded.Length; count++)
        {
            spoken = filter.Spoken(Decoded[..count]);
        }

        Assert.Equal(new SilenceFilter(ModelKind.CosyVoice3).Spoken(Decoded), spoken);
    }

    [Fact]
    public void Spoken_CosyVoice2_IsEverything() => Assert.Equal(Decoded, new SilenceFilter(ModelKind.CosyVoice2).Spoken(Decoded));
}
