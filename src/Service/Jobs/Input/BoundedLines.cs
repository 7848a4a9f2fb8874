using System.Globalization;
using System.Text;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>Characters of a text in UTF-8 (or, with a byte order mark, UTF-16), of any length, with the number of the line.</summary>
internal sealed class BoundedLines(Stream stream)
{
    // Of one line, paragraph or field, far more than can be spoken at once.
    public const int MaxCharacters = 1024 * 1024;

    private readonly StreamReader _reader = new(
        stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), true, 64 * 1024, leaveOpen: true);

    /// <summary>Number of the line that the last character belongs to, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The next character; -1 at the end.</summary>
    /// <exception cref="JobInputException">It is no text.</exception>
    public int Read()
    {
        try
        {
            var next = _reader.Read();
            Line += next == '\n' ? 1 : 0;
            return next;
        }
        catch (DecoderFallbackException e)
        {
            throw new JobInputException($"At or after line {Number(Line)} the text is not valid UTF-8.", "Save it as UTF-8 and send it again.", e);
        }
    }

    /// <summary>Null at the end.</summary>
    public int? Peek() => _reader.Peek() is >= 0 and var next ? next : null;

    /// <summary>Each line, without its end, with its number.</summary>
    public IEnumerable<(int Number, string Text)> ReadLines()
    {
        var line = new StringBuilder();
        while (true)
        {
            var number = Line;
            var next = Read();
            for (; next >= 0 && next != '\n'; next = Read())
            {
                Append(line, (char)next, number);
            }

            if (next < 0 && line.Length == 0)
            {
                yield break;
            }

            yield return (number, line.ToString().TrimEnd('\r'));
            line.Clear();
        }
    }

    /// <exception cref="JobInputException">It would be too long.</exception>
    public static void Append(StringBuilder text, char next, int line)
    {
        if (text.Length == MaxCharacters)
        {
            throw new JobInputException($"What begins at line {Number(line)} is longer than {MaxCharacters:N0} characters.", "Cut it into lines or paragraphs.");
        }

        text.Append(next);
    }

    public static string Number(int line) => line.ToString(CultureInfo.InvariantCulture);
}
