using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>Versions and addresses of machines: 17.4.1 is seventeen point four point one, v2.0 version two point zero.</summary>
internal sealed class EnglishDottedRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is 'v' or 'V' && passage.IsDigit(at + 1) && passage.IsStart(at))
        {
            EnglishSpeech.Say(spoken, "version", passage, at + 1);
            return 1;
        }

        if (!passage.IsDigit(at) || passage.IsDigit(at - 1) || DottedNumber.At(passage, at) is not var (parts, end))
        {
            return 0;
        }

        var words = DottedNumber.IsAddress(parts)
            ? string.Join(" dot ", parts.Select(EnglishNumerals.Each))
            : string.Join(" point ", parts.Select(part => part[0] == '0' ? EnglishNumerals.Each(part) : EnglishNumerals.Cardinal(part)));
        EnglishSpeech.Say(spoken, words, passage, end);
        return end - at;
    }
}
