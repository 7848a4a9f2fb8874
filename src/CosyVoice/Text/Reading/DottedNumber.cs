namespace CosyVoice.Text.Reading;

/// <summary>Three numbers or more with points between, as in versions, sections and addresses of machines: 2.0.1, 192.168.1.1.</summary>
internal static class DottedNumber
{
    /// <summary>Its parts and the position behind it; null where there is none.</summary>
    public static (string[] Parts, int End)? At(Passage passage, int at)
    {
        var end = PartEnd(passage, at, out var points);
        return points < 2 ? null : (passage.Slice(at, end).Split('.'), end);
    }

    /// <summary>Machines' addresses are said digit by digit.</summary>
    public static bool IsAddress(string[] parts) => parts.Length == 4 && parts.All(part => part.Length <= 3);

    private static int PartEnd(Passage passage, int at, out int points)
    {
        points = 0;
        var end = passage.DigitsEnd(at);
        while (end > at && passage[end] == '.' && passage.IsDigit(end + 1))
        {
            points++;
            end = passage.DigitsEnd(end + 1);
        }

        return end;
    }
}
