using System.Text;

namespace CosyVoice.Text.Reading.Chinese;

/// <summary>How Chinese says what is written in digits and signs.</summary>
internal static class ChineseRead
{
    private const int PhoneDigits = 7;

    private static readonly WebWords Web = new(
        new Dictionary<char, string>
        {
            ['.'] = "点", ['/'] = "斜杠", ['@'] = "艾特", ['-'] = "杠", ['_'] = "下划线", [':'] = "冒号", ['?'] = "问号", ['&'] = "和", ['='] = "等于",
            ['#'] = "井号", ['%'] = "百分号", ['+'] = "加", ['~'] = "波浪号", ['!'] = "感叹号", ['*'] = "星号", ['$'] = "美元符", [';'] = "分号",
        },
        ChineseNumerals.Each,
        "");

    /// <summary>In the order in which they are asked: whoever knows more of what surrounds a number comes first.</summary>
    private static readonly RuleReader Reader = new(
    [
        new WebAddressRule(Web),
        new ChineseDateRule(),
        new ChineseDottedRule(),
        new ChineseClockRule(),
        new ChineseRatioRule(),
        new ChineseYearRule(),
        new ChineseMoneyRule(),
        new ChinesePhoneRule(),
        new ChinesePercentRule(),
        new ChineseTemperatureRule(),
        new ChineseFractionRule(),
        new ChineseDigitStringRule(),
        new ChineseScoreRule(),
        new ChineseModelNumberRule(),
        new ChineseRomanRule(),
        new ChineseListNumberRule(),
        new WithoutBlanks(new ChineseDashRule()),
        new WithoutBlanks(new ChineseSlashRule()),
        new WithoutBlanks(new ChinesePowerRule()),
        new WithoutBlanks(new ChineseSignRule()),
        new ChineseQuantityRule(),
        new ChineseWordRule(),
    ]);

    public static string Read(string text) => Reader.Read(WithoutBlanksAtNumbers(text));

    /// <summary>共有 20 个 is one phrase; 材料 2、工具 and 王老师 13912345678 are two.</summary>
    private static string WithoutBlanksAtNumbers(string text)
    {
        var passage = new Passage(text);
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var isBefore = passage.IsIdeograph(at - 1) && passage.IsDigit(at + 1) && !IsItem(passage, at + 1);
            var isBehind = passage.IsDigit(at - 1) && passage.IsIdeograph(at + 1) && !IsSection(passage, at);
            if (text[at] != ' ' || !(isBefore || isBehind))
            {
                result.Append(text[at]);
            }
        }

        return result.ToString();
    }

    /// <summary>The 2.1 of a heading, at the beginning of its line.</summary>
    private static bool IsSection(Passage passage, int end)
    {
        const int Longest = 8;
        var start = end;
        while (end - start < Longest && (passage.IsDigit(start - 1) || passage[start - 1] == '.'))
        {
            start--;
        }

        return passage[start - 1] is '\n' or '\0' && passage.Slice(start, end).Contains('.');
    }

    private static bool IsItem(Passage passage, int at)
    {
        var (_, end) = CalendarDate.TwoDigits(passage, at);
        return passage.DigitsEnd(at) - at >= PhoneDigits || (passage[end] is '、' or '.' or ')' && !passage.IsDigit(end + 1));
    }
}
