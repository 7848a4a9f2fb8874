namespace CosyVoice.Text.Reading;

/// <summary>Numbers with colons between: a time of day, a duration, a ratio or a score. What it is, its rule decides.</summary>
/// <param name="Parts">Two or three.</param>
internal readonly record struct ColonNumbers(Numeral[] Parts, int End)
{
    public static ColonNumbers? At(Passage passage, int at)
    {
        if (!passage.IsDigit(at) || Numeral.At(passage, at) is not { } first || !IsColon(passage, first.End))
        {
            return null;
        }

        var parts = new List<Numeral> { first };
        while (parts.Count < 3 && IsColon(passage, parts[^1].End) && Numeral.At(passage, parts[^1].End + 1) is { } next)
        {
            parts.Add(next);
        }

        return parts.Count > 1 ? new ColonNumbers([.. parts], parts[^1].End) : null;
    }

    /// <summary>Whether it may be a time of day, or hours, minutes and seconds.</summary>
    public bool IsClock => Parts[0] is { IsPlain: true, Whole.Length: <= 2, Value: <= 24 }
        && Parts.Skip(1).All(part => part is { IsPlain: true, Whole.Length: 2, Value: < 60 });

    private static bool IsColon(Passage passage, int at) => passage[at] is ':' or '：' && passage.IsDigit(at + 1);
}
