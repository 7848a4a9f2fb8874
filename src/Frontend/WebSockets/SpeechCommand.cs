using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>What a client of a connection may ask for, whatever its protocol calls it.</summary>
internal abstract record SpeechCommand
{
    private SpeechCommand()
    {
    }

    /// <summary>A speech begins; its text follows.</summary>
    /// <param name="Request">Everything but the text.</param>
    /// <param name="Text">The beginning of it, if there is any yet.</param>
    public sealed record Begin(SpeakRequest Request, string? Text = null) : SpeechCommand;

    /// <summary>More of the text.</summary>
    public sealed record Append(string Text) : SpeechCommand;

    /// <summary>What there is of the text is to be spoken without waiting for more.</summary>
    public sealed record Flush : SpeechCommand;

    /// <summary>That was all of the text.</summary>
    public sealed record End : SpeechCommand;

    /// <summary>The rest of the speech is not wanted any more.</summary>
    public sealed record Cancel : SpeechCommand;
}
