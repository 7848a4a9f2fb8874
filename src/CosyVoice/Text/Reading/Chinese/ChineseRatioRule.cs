using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Numbers with colons that are no time: 3:2 is 三比二.</summary>
internal sealed class ChineseRatioRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || ColonNumbers.At(passage, at) is not { } ratio)
        {
            return 0;
        }

        spoken.AppendJoin('比', ratio.Parts.Select(ChineseNumerals.Number));
        return ratio.End - at;
    }
}
