using CosyOrleans.Service.Formats;
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
    public sealed record Begin(SpeakRequest Request, string? Text = null) : SpeechCommand
    {
        /// <summary>For protocols that send several: pcm, or opus for bare packets.</summary>
        public AudioFormat Format { get; init; } = AudioFormat.Pcm;

        /// <summary>Of the packets; null: the next to the model's own.</summary>
        public int? SampleRate { get; init; }
    }

    /// <summary>More of the text.</summary>
    public sealed record Append(string Text) : SpeechCommand;

    /// <summary>What there is of the text is to be spoken without waiting for more.</summary>
    public sealed record Flush : SpeechCommand;

    /// <summary>That was all of the text.</summary>
    public sealed record End : SpeechCommand;

    /// <summary>The rest of the speech is not wanted any more.</summary>
    public sealed record Cancel : SpeechCommand;

    /// <summary>How much sound the client has received and not yet played. For whoever decides about bit rates; not for a session.</summary>
    public sealed record Buffer(int Milliseconds) : SpeechCommand;
}
