using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>The 1990s, the '80s, his 20s, and the class of '99.</summary>
internal sealed class EnglishDecadeRule : IReadingRule
{
    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        var isShort = passage[at] is '\'' or '’' or '‘' && passage.IsDigit(at + 1) && passage[at - 1] is ' ' or '\0' or '(' or '-';
        var start = isShort ? at + 1 : at;
        if (!passage.IsDigit(start) || passage.IsDigit(start - 1) || passage.IsLatin(start - 1) || passage[start - 1] is '.' or ',' or '$')
        {
            return 0;
        }

        var end = passage.DigitsEnd(start);
        var digits = passage.Slice(start, end);
        var letterAt = passage[end] is '\'' or '’' && passage[end + 1] == 's' ? end + 1 : end;
        if (digits.Length is 2 or 4 && digits[^1] == '0' && digits[0] != '0' && passage[letterAt] == 's'
            && !char.IsLetterOrDigit(passage[letterAt + 1]))
        {
            EnglishSpeech.Say(spoken, EnglishNumerals.Decade(digits), passage, letterAt + 1);
            return letterAt + 1 - at;
        }

        if (!isShort || digits.Length != 2 || passage.IsLatin(end) || passage[end] is '\'' or '"' or '’')
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, digits[0] == '0' ? $"oh {EnglishNumerals.Cardinal(digits[1..])}"
            : EnglishNumerals.Cardinal(digits), passage, end);
        return end - at;
    }
}
