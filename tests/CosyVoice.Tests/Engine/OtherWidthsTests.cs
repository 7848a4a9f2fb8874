using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>A speech of both generations in processes that compute in vectors of another width: the same samples, bit for bit.</summary>
public sealed class OtherWidthsTests
{
    private const string ExpectedDigest = "COSY_TEST_EXPECTED_SPEECH";

    private static readonly Lazy<Task<string>> Digest = new(DigestAsync);

    [Theory]
    [InlineData("256")]
    [InlineData("128")]
    [InlineData("scalar")]
    public async Task SpeakAsync_InAnotherWidth_GivesTheSameSamples(string width)
    {
        if (VectorWidths.Parse(width) is not { } asked || !VectorWidths.Available.Contains(asked) || Environment.GetEnvironmentVariable(ExpectedDigest) is not null)
        {
            return; // This machine has none such, or this is such a process.
        }

        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { "test", typeof(OtherWidthsTests).Assembly.Location, "--filter", $"FullyQualifiedName~{nameof(Digest_InSuchAProcess_IsTheExpected)}" },
        };
        start.Environment[VectorWidths.EnvironmentVariable] = width;
        start.Environment[ExpectedDigest] = await Digest.Value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await error);
        Assert.Contains("Passed!", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Digest_InSuchAProcess_IsTheExpected()
    {
        if (Environment.GetEnvironmentVariable(ExpectedDigest) is { } expected)
        {
            Assert.Equal(expected, await DigestAsync());
        }
    }

    private static async Task<string> DigestAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (folder, voice, text) in new[] { (Repository.File("models/default"), "amy", "Good morning."), (Repository.Fixture("model_v3/model"), "my_zero_shot_spk", "今天。") })
        {
            using var model = SpeechModel.Load(folder, threads: 2);
            using var engine = new SpeechEngine(model);
            var request = new SpeechRequest { Segments = model.Prepare(text), Speaker = model.Speakers[voice], Seed = 5 };
            foreach (var chunk in await Speech.CollectAsync(engine, request))
            {
                hash.AppendData(MemoryMarshal.AsBytes(chunk.Samples.Span));
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
