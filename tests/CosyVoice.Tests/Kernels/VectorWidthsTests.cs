using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

public sealed class VectorWidthsTests
{
    private static readonly VectorWidth[] Some = [VectorWidth.Vector256, VectorWidth.Scalar];

    [Theory]
    [InlineData("512", VectorWidth.Vector512)]
    [InlineData("256", VectorWidth.Vector256)]
    [InlineData("128", VectorWidth.Vector128)]
    [InlineData("scalar", VectorWidth.Scalar)]
    public void Parse_KnownName_IsTheWidth(string forced, VectorWidth expected) => Assert.Equal(expected, VectorWidths.Parse(forced));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("256")]
    [InlineData("scalar")]
    public void Check_AvailableOrUnset_FindsNothing(string? forced) => Assert.Null(VectorWidths.Check(forced, Some));

    [Theory]
    [InlineData("512")]
    [InlineData("wide")]
    public void Check_UnavailableOrUnknown_NamesItAndTheChoices(string forced)
    {
        var problem = VectorWidths.Check(forced, Some);
        Assert.Contains($"'{forced}'", problem, StringComparison.Ordinal);
        Assert.Contains("256, scalar", problem, StringComparison.Ordinal);
    }
}
