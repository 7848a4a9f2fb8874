using System.Text;

namespace CosyVoice.Text.Reading;

/// <summary>A number as written: 12, 1,234.50 or .5.</summary>
/// <param name="Whole">Digits before the point, without commas; empty for .5.</param>
/// <param name="Fraction">Digits behind the point; empty without one.</param>
/// <param name="End">The position behind it.</param>
/// <param name="IsGrouped">Whether commas group its thousands.</param>
internal readonly record struct Numeral(string Whole, string Fraction, int End, bool IsGrouped)
{
    public bool IsWhole => Fraction.Length == 0;

    public bool IsPlain => IsWhole && !IsGrouped;

    public bool IsOne => IsWhole && Whole.TrimStart('0') == "1";

    public bool IsTwo => IsWhole && Whole == "2";

    /// <summary>Its value if it is a whole number of at most nine digits, else -1.</summary>
    public int Value => IsWhole && Whole.Length is > 0 and <= 9 ? int.Parse(Whole, System.Globalization.CultureInfo.InvariantCulture) : -1;

    /// <summary>The number that begins at a position; null where there is none.</summary>
    public static Numeral? At(Passage passage, int at)
    {
        if (!passage.IsDigit(at))
        {
            return passage[at] == '.' && passage.IsDigit(at + 1) && !char.IsLetterOrDigit(passage[at - 1]) && passage[at - 1] != '.'
                ? new Numeral("", Digits(passage, at + 1), passage.DigitsEnd(at + 1), false)
                : null;
        }

        var end = passage.DigitsEnd(at);
        var whole = new StringBuilder(passage.Slice(at, end));
        var isGrouped = false;
        while (whole.Length <= 3 || isGrouped)
        {
            if (!IsGroup(passage, end))
            {
                break;
            }


            whole.Append(passage.Text, end + 1, 3);
            end += 4;
            isGrouped = true;
        }

        var fraction = passage[end] == '.' ? Digits(passage, end + 1) : "";
        end += fraction.Length > 0 ? fraction.Length + 1 : 0;
        return new Numeral(whole.ToString(), fraction, end, isGrouped);
    }

    private static string Digits(Passage passage, int at) => passage.Slice(at, passage.DigitsEnd(at));

    private static bool IsGroup(Passage passage, int at) =>
        passage[at] == ',' && passage.IsDigit(at + 1) && passage.IsDigit(at + 2) && passage.IsDigit(at + 3) && !passage.IsDigit(at + 4);
}
