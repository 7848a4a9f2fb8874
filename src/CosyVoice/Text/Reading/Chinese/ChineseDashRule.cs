using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>Hyphens, dashes and tildes: up to, minus, about, a pause, or nothing as in AK-47.</summary>
internal sealed class ChineseDashRule : IReadingRule
{
    private const string TimeWords = "一二三四五六七八九十日月周号年末初点时分早晚午";
    private static readonly string[] Models = ["歼", "运", "轰", "直", "强", "东风", "长征", "神舟", "嫦娥", "天宫", "图", "米格", "苏", "红旗", "鹰击", "枭龙"];

    public int Read(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsDash(at))
        {
            return 0;
        }

        var end = at + 1;
        while (passage.IsDash(end))
        {
            end++;
        }

        var (before, after) = (passage.SkipBlanksBack(at), passage.SkipBlanks(end));
        var isBlank = before < at || after > end;
        var isNumberNext = passage.IsDigit(after) || passage[after] is '¥' or '￥' or '$' or '€' or '£'
            || (passage.IsMinus(after - 1) && end - at > 1 && passage.IsDigit(end));
        if (isNumberNext && ChineseCues.IsNumberBefore(passage, before))
        {
            var isNegative = end - at == 2 && passage.IsMinus(at + 1) && passage[at] is '~' or '～' or '—';
            return Say("到", isNegative ? 1 : after - at, spoken);
        }

        if (end - at == 1 && passage.IsDigit(end))
        {
            return NumberBehind(passage, at, spoken);
        }

        var isSeries = passage.IsDigit(at - 1) && passage.IsLatin(at - 2) && passage[at - 2] == passage[end]
            && passage.IsDigit(end + 1); // Q1-Q3
        if (isSeries)
        {
            return Say("到", 1, spoken);
        }

        if (passage.IsLatin(at - 1) && passage.IsLatin(end))
        {
            return 0; // K-pop
        }

        var isTime = TimeWords.Contains(passage[before - 1]) && (passage[after] is '周' or '星' || TimeWords.Contains(passage[after]));
        var isCute = passage[at] is '~' or '～' && !isBlank && !char.IsLetterOrDigit(passage[after]);
        spoken.Append(isTime ? "到" : isCute ? "" : "，");
        return after - at;
    }

    /// <summary>A sign in front of a number: negative, about, or the hyphen of a name as in AK-47.</summary>
    private static int NumberBehind(Passage passage, int at, StringBuilder spoken)
    {
        if (passage[at] is '~' or '～')
        {
            return Say(passage[at - 1] == '约' ? "" : "约", 1, spoken);
        }

        if (passage[at] is '—' or '–')
        {
            return Say("，", 1, spoken);
        }

        var isName = passage.IsLatin(at - 1) || passage.IsDigit(at - 1)
            || Models.Any(model => passage.Before(at, model.Length).SequenceEqual(model));
        return Say(isName ? "" : "负", 1, spoken);
    }

    private static int Say(string words, int length, StringBuilder spoken)
    {
        spoken.Append(words);
        return length;
    }
}
