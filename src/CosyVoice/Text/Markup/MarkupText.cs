namespace CosyVoice.Text.Markup;

/// <summary>
/// What is written for the eye becomes plain text: HTML, Markdown, emoji and other forms of letters. Words stay; lines that were
/// a heading, an item or a row end like a sentence.
/// </summary>
internal static class MarkupText
{
    public static string ToPlain(string text) => EmojiText.Remove(MarkdownText.ToPlain(HtmlText.ToPlain(CharacterForms.Fold(text))));
}
