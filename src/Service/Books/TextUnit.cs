namespace CosyOrleans.Service.Books;

/// <summary>What of a continuous text becomes one item.</summary>
public enum TextUnit
{
    /// <summary>What stands between empty lines, or in a block of a book.</summary>
    Paragraph,

    /// <summary>A line; of plain text only.</summary>
    Line,

    Sentence,

    /// <summary>As many paragraphs of one chapter as can be spoken at once; of books only.</summary>
    Chapter,
}
