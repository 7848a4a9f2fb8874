using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>1st, 22nd, 1,000th.</summary>
internal sealed class EnglishOrdinalRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsStart(at) || Numeral.At(passage, at) is not { IsWhole: true } number)
        {
            return 0;
        }

        if (passage.WordAt(number.End).ToLowerInvariant() is not ("st" or "nd" or "rd" or "th")
            || number.Whole.Length > NumberWords.MaxDigits)
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, EnglishNumerals.Ordinal(number.Whole), passage, number.End + 2);
        return number.End + 2 - at;
    }
}
