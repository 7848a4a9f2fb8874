using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed class VectorWidthsTests
{
    private static readonly VectorWidth[] Some = [VectorWidth.Vector256, VectorWidth.Scalar];

    [Theory]
    [InlineData(null, VectorWidth.Vector256)]
    [InlineData("", VectorWidth.Vector256)]
    [InlineData("256", VectorWidth.Vector256)]
    [InlineData("scalar", VectorWidth.Scalar)]
    public void Choose_AvailableOrUnset_IsTaken(string? forced, VectorWidth expected) =>
        Assert.Equal(expected, VectorWidths.Choose(forced, Some));

    [Theory]
    [InlineData("512")]
    [InlineData("wide")]
    public void Choose_UnavailableOrUnknown_ThrowsAndNamesTheChoices(string forced)
    {
        var error = Assert.Throws<PlatformNotSupportedException>(() => VectorWidths.Choose(forced, Some));
        Assert.Contains($"'{forced}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("256, scalar", error.Message, StringComparison.Ordinal);
    }
}
