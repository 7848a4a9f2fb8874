namespace CosyVoice.Text;

/// <summary>How a text becomes what is spoken.</summary>
public enum TextReading
{
    /// <summary>
    /// As a person would read it aloud: numbers, dates, money, units, signs, Markdown and so on are said, in Chinese and
    /// English.
    /// </summary>
    Spoken,

    /// <summary>Exactly as the reference does without its optional normalisers, its defects included.</summary>
    Reference,
}
