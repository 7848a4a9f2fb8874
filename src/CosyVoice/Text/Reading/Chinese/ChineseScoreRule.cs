using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>
/// What a hyphen between two small numbers is: in a score 比, in a sum 减, in the number of a table 杠. All else is a range and
/// left to <see cref="ChineseSignRule"/>.
/// </summary>
internal sealed class ChineseScoreRule : IReadingRule
{
    private const string Numbered = "表图式栋幢楼注例题";

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || !passage.IsStart(at) || passage[at - 1] == '.'
            || Numeral.At(passage, at) is not { IsPlain: true } first)
        {
            return 0;
        }

        var dash = passage.SkipBlanks(first.End);
        if (!passage.IsMinus(dash) || Numeral.At(passage, passage.SkipBlanks(dash + 1)) is not { IsPlain: true } second)
        {
            return 0;
        }

        var word = Word(passage, at, first, second);
        if (word == '\0')
        {
            return 0;
        }

        spoken.Append(ChineseNumerals.Number(first)).Append(word).Append(ChineseNumerals.Number(second));
        return second.End - at;
    }

    private static char Word(Passage passage, int at, Numeral first, Numeral second)
    {
        var next = passage.SkipBlanks(second.End);
        if (passage[next] == '=' || passage.Has(next, "等于"))
        {
            return '减';
        }

        if (Numbered.Contains(passage[at - 1]))
        {
            return '杠';
        }

        var isSmall = first.Whole.Length <= 3 && second.Whole.Length <= 3 && first.End == passage.SkipBlanks(first.End);
        var isScore = ChineseCues.IsScore(passage, at, second.End)
            || (first.Value > second.Value && !ChineseMeasures.IsAt(passage, second.End));
        if (!isSmall && first.Value > second.Value && first.Whole.Length == 4 && second.Whole.Length == 4
            && !ChineseMeasures.IsAt(passage, second.End))
        {
            return '杠';
        }

        return isSmall && isScore && !passage.IsDash(second.End) && passage[at - 1] is not ('第' or '周') ? '比' : '\0';
    }
}
