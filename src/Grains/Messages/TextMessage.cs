using CosyOrleans.Service.Synthesis;
using CosyVoice.Text.Arriving;

namespace CosyOrleans.Grains.Messages;

/// <summary>More of a <see cref="TextInput"/> on its way to the worker that speaks it. One is sent after the other was taken.</summary>
/// <param name="TextId">As in the <see cref="SpeakMessage"/>.</param>
/// <param name="Pieces">In order; an empty one is a flush.</param>
/// <param name="IsEnd">Whether that was all of the text.</param>
/// <param name="Error">Why there will be no more of it.</param>
[GenerateSerializer, Immutable, Alias("cosy.TextMessage")]
public sealed record TextMessage(
    [property: Id(0)] string TextId, [property: Id(1)] string[] Pieces, [property: Id(2)] bool IsEnd = false, [property: Id(3)] ErrorMessage? Error = null)
{
    public static TextMessage From(string id, IReadOnlyList<TextPiece> pieces) => new(id, [.. pieces.Select(piece => piece.Text)]);

    public void WriteTo(TextInput text)
    {
        foreach (var piece in Pieces)
        {
            if (piece.Length > 0)
            {
                text.Append(piece);
            }
            else
            {
                text.Flush();
            }
        }

        if (Error is not null)
        {
            text.Fail(Error.ToException());
        }
        else if (IsEnd)
        {
            text.Complete();
        }
    }
}
