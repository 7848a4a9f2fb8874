using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Numbers with colons that are no time: 3:1 is three to one.</summary>
internal sealed class EnglishRatioRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || ColonNumbers.At(passage, at) is not { } ratio)
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, string.Join(" to ", ratio.Parts.Select(EnglishNumerals.Number)), passage, ratio.End);
        return ratio.End - at;
    }
}
