namespace CosyOrleans.Frontend.DashScope;

/// <summary>Characters as DashScope counts them: an ideograph is two, everything else one.</summary>
internal static class BilledCharacters
{
    /// <summary>Of one message.</summary>
    public const int MostOfMessage = 20_000;

    /// <summary>Of one task.</summary>
    public const int MostOfTask = 200_000;

    public static int Count(string text) => text.EnumerateRunes().Sum(rune => IsIdeograph(rune.Value) ? 2 : 1);

    private static bool IsIdeograph(int value) =>
        value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x323AF);
}
