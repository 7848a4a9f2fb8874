using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Feet and inches: 5'10" is five foot ten, a 12" pizza a twelve inch pizza.</summary>
internal sealed class EnglishHeightRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || Numeral.At(passage, at) is not { } first || first.Whole.Length > 3)
        {
            return 0;
        }

        if (IsInch(passage, first.End) && !char.IsLetterOrDigit(passage[first.End + 1]) && !IsQuoted(passage, at))
        {
            EnglishSpeech.Say(spoken,
                $"{EnglishNumerals.Number(first)} {(first.IsOne || EnglishSpeech.IsAttributive(passage, at, first.End + 1) ? "inch" : "inches")}", passage, first.End + 1);
            return first.End + 1 - at;
        }

        if (passage[first.End] is not ('\'' or '’' or '′') || Numeral.At(passage, first.End + 1) is not { IsPlain: true } inches
            || inches.Value > 11)
        {
            return 0;
        }

        var end = inches.End + (IsInch(passage, inches.End) ? 1 : 0);
        EnglishSpeech.Say(spoken, $"{EnglishNumerals.Number(first)} foot {EnglishNumerals.Number(inches)}", passage, end);
        return end - at;
    }

    private static bool IsInch(Passage passage, int at) => passage[at] is '"' or '″';

    /// <summary>In "route 66" the mark closes a quotation that stands open.</summary>
    private static bool IsQuoted(Passage passage, int at)
    {
        var before = passage.Before(at, 80);
        return before.Count('"') % 2 == 1;
    }
}
