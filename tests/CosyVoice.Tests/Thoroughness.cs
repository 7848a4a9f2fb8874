namespace CosyVoice.Tests;

/// <summary>How much is spoken where more of the same could still show something rare.</summary>
internal static class Thoroughness
{
    /// <summary>Whether it is all of it (./cosy test --thorough, the environment variable COSY_TEST_THOROUGH); otherwise a quarter of an hour has to do for everything.</summary>
    public static bool IsFull => Environment.GetEnvironmentVariable("COSY_TEST_THOROUGH") is { Length: > 0 };
}
