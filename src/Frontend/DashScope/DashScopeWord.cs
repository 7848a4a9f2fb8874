using System.Text.Encodings.Web;
using System.Text.Json;
using CosyOrleans.Service.Alignment;

namespace CosyOrleans.Frontend.DashScope;

/// <summary>A word of a sentence. Times are milliseconds from the beginning of the sound of the task, not of the sentence.</summary>
/// <param name="BeginIndex">Of its first character in the text of the sentence, from 0; a character is a Unicode scalar value.</param>
/// <param name="EndIndex">Behind its last character.</param>
internal sealed record DashScopeWord(string Text, int BeginIndex, int EndIndex, int BeginTime, int EndTime)
{
    // With the names, digits and marks around it, at most.
    private const int BytesAround = 100;

    // Of the 4096 that some clients read; the rest is for everything else in the message.
    private const int MostBytes = 3000;

    // What is longer than this is no word, but something without blanks; its text in the sentence takes no more than half of the bytes.
    private const int MostText = 200;
    private const int MostBytesOfText = 1600;

    /// <summary>A segment as one sentence, or as several where that does not fit into one message; each with its text and words.</summary>
    public static IEnumerable<(string Text, IReadOnlyList<DashScopeWord> Words)> Sentences(SpokenSegment segment)
    {
        List<DashScopeWord> words = [];
        var (from, to, bytes) = (0, 0, 0);
        foreach (var (word, begin, end) in SegmentTimes.Places(segment))
        {
            var said = word.Text.Length <= MostText ? word.Text : string.Concat(word.Text.EnumerateRunes().Take(MostText / 2));
            // Once in the list, and once in the text.
            var more = BytesAround + Bytes(said) + Bytes(segment.Text[to..end]);
            if (bytes + more > MostBytes && words.Count > 0)
            {
                yield return (Cut(segment.Text[from..to]), words);
                (words, from, bytes) = ([], begin, 0);
            }

            words.Add(new DashScopeWord(said, Characters(segment.Text[from..begin]), Characters(segment.Text[from..end]), Milliseconds(word.Begin), Milliseconds(word.End)));
            (to, bytes) = (end, bytes + more);
        }

        yield return (Cut(segment.Text[from..]), words);
    }

    private static string Cut(string text)
    {
        var left = MostBytesOfText;
        return Bytes(text) <= left ? text : string.Concat(text.EnumerateRunes().TakeWhile(rune => (left -= Bytes(rune.ToString())) >= 0));
    }

    private static int Characters(string text) => text.EnumerateRunes().Count();

    private static int Bytes(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length;

    private static int Milliseconds(double seconds) => (int)Math.Round(1000 * seconds);
}
