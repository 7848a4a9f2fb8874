using System.Globalization;

namespace CosyOrleans.Faults.Tests;

/// <summary>How often every fault is repeated, and how much is done meanwhile.</summary>
internal static class Rounds
{
    private const int Default = 1;

    /// <summary>Whether the faults are all that is tested (./cosy test --faults); otherwise they share their minutes with everything else.</summary>
    public static bool IsThorough => Environment.GetEnvironmentVariable("COSY_FAULT_ROUNDS") is { Length: > 0 };

    /// <summary>The environment variable COSY_FAULT_ROUNDS, at least 1; 1 without it.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("COSY_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : Default;
}
