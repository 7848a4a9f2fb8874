using CosyVoice.Enrolment;

namespace CosyVoice.Engine;

/// <summary>
/// Whether speech tokens can be what a text says: by their number for its syllables, and by whether they go round in circles.
/// The bounds are far outside of how anybody speaks, so that what is found is nearly always a fault; what is not found may
/// be wrong all the same, such as a word said in place of another.
/// </summary>
public static class SpeechCheck
{
    /// <summary>11 syllables in a second; nobody speaks as fast.</summary>
    private const double FewestPerSyllable = 2.2;

    /// <summary>Less than 2 syllables in a second.</summary>
    private const double MostPerSyllable = 13;

    /// <summary>2 s of pauses, laughter, breath.</summary>
    private const double Extra = 50;

    private const double Usual = 6;

    // A stretch of which most tokens are the same as one period before, for 2 s and two more periods.
    private const int LongestPeriod = 75;
    private const int ShortestCircle = 50;
    private const double Alike = 0.8;

    /// <param name="text">As it was read out.</param>
    /// <param name="tokens">All speech tokens of that text, 25 to the second at speed 1.</param>
    public static SpeechFault Find(string text, IReadOnlyList<int> tokens)
    {
        var syllables = Syllables.Count(text);
        return (tokens.Count < FewestPerSyllable * syllables ? SpeechFault.TooShort : SpeechFault.None)
            | (tokens.Count > (MostPerSyllable * syllables) + Extra ? SpeechFault.TooLong : SpeechFault.None)
            | (IsCircle(tokens) ? SpeechFault.Repeating : SpeechFault.None);
    }

    /// <summary>How far from usual, 0 or more: to choose between two that are both wrong.</summary>
    internal static double Oddity(string text, IReadOnlyList<int> tokens) =>
        Math.Abs(Math.Log((tokens.Count + 1) / ((Usual * Syllables.Count(text)) + 1))) + (IsCircle(tokens) ? 1 : 0);

    private static bool IsCircle(IReadOnlyList<int> tokens)
    {
        for (var period = 1; period <= LongestPeriod; period++)
        {
            var length = Math.Max(ShortestCircle, 2 * period);
            var same = 0;
            for (var i = period; i < tokens.Count; i++)
            {
                same += tokens[i] == tokens[i - period] ? 1 : 0;
                var before = i - length;
                same -= before >= period && tokens[before] == tokens[before - period] ? 1 : 0;
                if (i >= period + length - 1 && same >= Alike * length)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
