using System.Globalization;

namespace CosyOrleans.Faults.Tests;

/// <summary>How often every fault is repeated.</summary>
internal static class Rounds
{
    private const int Default = 1;

    /// <summary>The environment variable COSY_FAULT_ROUNDS, at least 1; 1 without it.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("COSY_FAULT_ROUNDS"), CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : Default;
}
