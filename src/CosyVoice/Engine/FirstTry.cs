namespace CosyVoice.Engine;

/// <summary>The tokens of a segment that looked wrong, for which others are tried.</summary>
internal sealed record FirstTry(IReadOnlyList<int> Tokens, SpeechFault Fault)
{
    // Any constant will do that makes other draws of the same seed.
    private const ulong Second = 0x53_45_43_4F_4E_44;

    /// <summary>The seed of the second try: a function of the first, so that the same request stays the same sound.</summary>
    public static int SeedAfter(int seed) => (int)(CounterRandom.Mix((uint)seed ^ Second) >> 33);

    /// <summary>Whether these were kept, because the others were worse.</summary>
    public bool IsKept { get; init; }
}
