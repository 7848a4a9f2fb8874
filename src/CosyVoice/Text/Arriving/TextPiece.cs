namespace CosyVoice.Text.Arriving;

/// <summary>A piece of a text that is still being written, of any size; words and characters may go on in the next one.</summary>
/// <param name="Text">May be empty.</param>
/// <param name="Flush">Whether everything up to here is to be spoken as if the text ended, without waiting for what follows.</param>
public readonly record struct TextPiece(string Text, bool Flush = false)
{
    public static implicit operator TextPiece(string text) => new(text);
}
