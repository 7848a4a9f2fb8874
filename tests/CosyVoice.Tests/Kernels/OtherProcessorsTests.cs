using System.Diagnostics;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Kernels;

/// <summary>Runs the kernel tests again in processes that see a lesser processor.</summary>
public sealed class OtherProcessorsTests
{
    private const string ExpectedWidths = "COSY_TEST_EXPECTED_WIDTHS";

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "Vector256 Vector128 Scalar")]
    [InlineData("DOTNET_EnableAVX2", "Vector128 Scalar")]
    [InlineData("DOTNET_EnableHWIntrinsic", "Scalar")]
    public async Task KernelTests_WithoutAnExtension_Pass(string extension, string widths)
    {
        if (!VectorWidths.Available.Contains(VectorWidth.Vector256) || Environment.GetEnvironmentVariable(ExpectedWidths) is not null)
        {
            return; // Nothing to take away, or already in such a process.
        }

        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "test", typeof(OtherProcessorsTests).Assembly.Location, "--filter", "FullyQualifiedName~CosyVoice.Tests.Kernels." },
        };
        start.Environment[extension] = "0";
        start.Environment[ExpectedWidths] = widths;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Contains("Passed!", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Available_InSuchAProcess_IsWhatIsLeft()
    {
        if (Environment.GetEnvironmentVariable(ExpectedWidths) is { } expected)
        {
            Assert.Equal(expected, string.Join(' ', VectorWidths.Available));
        }
    }
}
