using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>What a client of a connection is told, whatever its protocol calls it.</summary>
internal abstract record SpeechEvent
{
    private SpeechEvent()
    {
    }

    /// <summary>Sound follows.</summary>
    public sealed record Started(SpeechDetails Details) : SpeechEvent
    {
        /// <summary>The command that began it.</summary>
        public SpeechCommand.Begin? Asked { get; init; }
    }

    public sealed record Sound(AudioFrame Frame) : SpeechEvent;

    /// <summary>All of the text was spoken.</summary>
    /// <param name="Characters">Of the text, UTF-16.</param>
    public sealed record Finished(SpeechDetails Details, long Samples, int Characters) : SpeechEvent;

    /// <summary>As was asked for.</summary>
    public sealed record Cancelled(string TaskId) : SpeechEvent;

    /// <summary>The speech is over.</summary>
    public sealed record Failed(string TaskId, SpeechException Error) : SpeechEvent;

    /// <summary>A command was not followed; a speech under way goes on.</summary>
    public sealed record Rejected(SpeechException Error) : SpeechEvent;
}
