using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>17.4.1 is 十七点四点一; the addresses of machines are said digit by digit.</summary>
internal sealed class ChineseDottedRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || DottedNumber.At(passage, at) is not var (parts, end))
        {
            return 0;
        }

        var isAddress = DottedNumber.IsAddress(parts);
        spoken.AppendJoin('点',
            parts.Select(part => isAddress || part[0] == '0' ? ChineseNumerals.Each(part) : ChineseNumerals.Cardinal(part)));
        return end - at;
    }
}
