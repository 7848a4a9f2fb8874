using System.Text;
using CosyVoice.Text.Marks;
using CosyVoice.Text.Markup;
using CosyVoice.Text.Reading;
using CosyVoice.Text.Reading.Chinese;
using CosyVoice.Text.Reading.English;

namespace CosyVoice.Text;

/// <summary>
/// Writes a text as a person would read it aloud, in steps: the model's tokens are set aside, what is written for the eye becomes
/// plain text, each stretch is read in its language, and what nobody says is dropped. Time grows in proportion to the text.
/// </summary>
internal sealed class SpokenText(AddedTokens tokens)
{
    private readonly MarkedText _marks = new(tokens);
    private readonly PronunciationMarks _pronunciation = new(tokens.Texts);

    /// <exception cref="PronunciationMarkException">The text has pronunciation marks that the model does not know.</exception>
    public string Of(string text)
    {
        var isChinese = false;
        return Of(text, ref isChinese);
    }

    /// <param name="isChinese">Whether a text before it, which this one continues, was Chinese; then, whether either was.</param>
    /// <exception cref="PronunciationMarkException">The text has pronunciation marks that the model does not know.</exception>
    public string Of(string text, ref bool isChinese)
    {
        text = NormalFormC.Normalize(text);
        if (_pronunciation.FindProblems(text) is { Count: > 0 } problems)
        {
            throw new PronunciationMarkException(problems);
        }

        return _marks.Restore(Read(MarkupText.ToPlain(_marks.Protect(text)).Trim(), ref isChinese));
    }

    private static string Read(string text, ref bool isChinese)
    {
        var spoken = new StringBuilder(2 * text.Length);
        foreach (var (language, stretch) in LanguageStretches.Split(text, isChinese))
        {
            isChinese |= language == Language.Chinese;
            spoken.Append(language switch
            {
                Language.Chinese => ChineseRead.Read(stretch),
                Language.English => EnglishRead.Read(stretch),
                _ => EnglishTidy.Tidy(stretch),
            });
        }

        return isChinese ? ChineseTidy.Tidy(spoken.ToString()) : spoken.ToString().Trim();
    }
}
