using System.Text;

namespace CosyVoice.Text.Reading.English;

/// <summary>
/// Amounts of money: $3.50 is three dollars and fifty cents, $1.5 million one point five million dollars, $10-20 ten to twenty
/// dollars.
/// </summary>
internal sealed class EnglishMoneyRule : IReadingRule
{
    private sealed record Currency(string One, string Many, string MinorOne = "", string MinorMany = "");

    private static readonly Currency Dollar = new("dollar", "dollars", "cent", "cents");
    private static readonly Currency UsDollar = new("US dollar", "US dollars", "cent", "cents");
    private static readonly Currency Pound = new("pound", "pounds", "penny", "pence");
    private static readonly Currency Euro = new("euro", "euros", "cent", "cents");
    private static readonly Currency Yen = new("yen", "yen");
    private static readonly Currency Yuan = new("yuan", "yuan");
    private static readonly Currency Rupee = new("rupee", "rupees", "paisa", "paise");
    private static readonly Currency Canadian = new("Canadian dollar", "Canadian dollars", "cent", "cents");
    private static readonly Currency Australian = new("Australian dollar", "Australian dollars", "cent", "cents");

    private static readonly (string Written, Currency Currency)[] Signs =
    [
        ("US$", UsDollar), ("C$", Canadian), ("CA$", Canadian), ("A$", Australian), ("AU$", Australian),
        ("HK$", new("Hong Kong dollar", "Hong Kong dollars", "cent", "cents")),
        ("NZ$", new("New Zealand dollar", "New Zealand dollars", "cent", "cents")),
        ("S$", new("Singapore dollar", "Singapore dollars", "cent", "cents")),
        ("$", Dollar), ("£", Pound), ("€", Euro), ("¥", Yen), ("￥", Yen), ("₹", Rupee), ("Rs.", Rupee), ("₩", new("won", "won")),
        ("₽", new("ruble", "rubles")),
        ("฿", new("baht", "baht")), ("₿", new("bitcoin", "bitcoins")), ("USD", UsDollar), ("EUR", Euro), ("GBP", Pound), ("JPY", Yen),
        ("CNY", Yuan), ("RMB", Yuan),
        ("INR", Rupee), ("CAD", Canadian), ("AUD", Australian), ("CHF", new("Swiss franc", "Swiss francs")),
    ];

    private static readonly (string Written, string Word)[] Scales =
    [
        ("thousand", "thousand"), ("million", "million"), ("billion", "billion"), ("trillion", "trillion"), ("bn", "billion"),
        ("mn", "million"), ("tn", "trillion"),
        ("k", "thousand"), ("K", "thousand"), ("m", "million"), ("M", "million"), ("B", "billion"), ("b", "billion"), ("T", "trillion"),
    ];

    public int Read(Passage passage, int at, StringBuilder spoken) =>
        passage.IsDigit(at) ? AmountFirst(passage, at, spoken) : SignFirst(passage, at, spoken);

    private static int SignFirst(Passage passage, int at, StringBuilder spoken)
    {
        if (passage.IsLatin(at - 1) || passage.IsDigit(at - 1) || SignAt(passage, at) is not var (sign, currency))
        {
            return 0;
        }

        var start = passage.SkipBlanks(at + sign.Length);
        var isNegative = passage.IsMinus(start);
        if (Amount(passage, start + (isNegative ? 1 : 0)) is not { } amount)
        {
            return 0;
        }

        var end = amount.End;
        var words = Words(passage, at, amount, currency);
        if (passage.IsDash(end) && Amount(passage, passage.Has(end + 1, sign) ? end + 1 + sign.Length : end + 1) is { } last)
        {
            end = last.End;
            words = $"{Plain(amount)} to {Words(passage, at, last, currency)}";
        }

        end += passage.Has(end, " " + currency.Many) ? currency.Many.Length + 1 : 0; // $5 million dollars
        if (passage[end] == '/' && passage.IsLatin(end + 1))
        {
            var unit = EnglishUnits.At(passage, end + 1);
            words += " per " + unit?.Name.One;
            end = unit?.End ?? end + 1;
        }

        EnglishSpeech.Say(spoken, (isNegative ? "minus " : "") + words, passage, end);
        return end - at;
    }

    /// <summary>100 USD, 50¢ and 30€.</summary>
    private static int AmountFirst(Passage passage, int at, StringBuilder spoken)
    {
        if (!passage.IsStart(at) || Amount(passage, at) is not { } amount)
        {
            return 0;
        }

        if (passage[amount.End] == '¢')
        {
            EnglishSpeech.Say(spoken, $"{Plain(amount)} {(amount.Number.IsOne ? "cent" : "cents")}", passage, amount.End + 1);
            return amount.End + 1 - at;
        }

        var signAt = passage.SkipBlanks(amount.End);
        if (SignAt(passage, signAt) is not var (sign, currency) || sign is "$" or "Rs." || passage.IsLatin(signAt + sign.Length)
            || passage.IsDigit(signAt + sign.Length))
        {
            return 0;
        }

        EnglishSpeech.Say(spoken, Words(passage, at, amount, currency), passage, signAt + sign.Length);
        return signAt + sign.Length - at;
    }

    private static (string Sign, Currency Currency)? SignAt(Passage passage, int at)
    {
        foreach (var sign in Signs)
        {
            if (passage.Has(at, sign.Written))
            {
                return sign;
            }
        }

        return null;
    }

    private readonly record struct Sum(Numeral Number, string Scale, int End);

    private static Sum? Amount(Passage passage, int at)
    {
        if (Numeral.At(passage, at) is not { } number)
        {
            return null;
        }

        foreach (var (written, word) in Scales)
        {
            var scaleAt = written.Length <= 2 ? number.End : passage[number.End] == '-' ? number.End + 1 : passage.SkipBlanks(number.End);
            if (passage.Has(scaleAt, written) && !char.IsLetterOrDigit(passage[scaleAt + written.Length]))
            {
                return new Sum(number, word, scaleAt + written.Length);
            }
        }

        return new Sum(number, "", number.End);
    }

    private static string Plain(Sum sum) => EnglishNumerals.Number(sum.Number) + (sum.Scale.Length > 0 ? " " + sum.Scale : "");

    private static string Words(Passage passage, int at, Sum sum, Currency currency)
    {
        var number = sum.Number;
        var isAttributive = EnglishSpeech.IsAttributive(passage, at, sum.End);
        if (sum.Scale.Length > 0 || number.Fraction.Length != 2 || currency.MinorOne.Length == 0)
        {
            return $"{Plain(sum)} {((number.IsOne && sum.Scale.Length == 0) || isAttributive ? currency.One : currency.Many)}";
        }

        var major = number with { Fraction = "" };
        var minor = new Numeral(number.Fraction.TrimStart('0'), "", 0, false);
        var majorWords = $"{EnglishNumerals.Number(major)} {(major.IsOne ? currency.One : currency.Many)}";
        if (minor.Whole.Length == 0)
        {
            return majorWords;
        }

        var minorWords = $"{EnglishNumerals.Number(minor)} {(minor.IsOne ? currency.MinorOne : currency.MinorMany)}";
        return major.Whole.Trim('0').Length == 0 ? minorWords : $"{majorWords} and {minorWords}";
    }
}
