namespace CosyVoice.Engine;

/// <summary>
/// Uniform numbers as a pure function of where they are used, so that a result depends neither on what else
/// draws numbers nor on where a stream was resumed. Mixing by SplitMix64's finaliser (Steele, Lea, Flood 2014),
/// once per coordinate.
/// </summary>
public static class CounterRandom
{
    /// <summary>In [0, 1), a multiple of 2^-53.</summary>
    public static double Uniform(int seed, int segment, int step, int draw)
    {
        var state = Mix(((ulong)(uint)seed << 32) | (uint)segment);
        state = Mix(state ^ (((ulong)(uint)step << 32) | (uint)draw));
        return (state >> 11) * (1.0 / (1UL << 53));
    }

    internal static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
