using System.ComponentModel.DataAnnotations;
using CosyVoice.Text;

namespace CosyOrleans.Service.Synthesis;

/// <summary>How much one node takes on, and what it accepts.</summary>
public sealed class SynthesisOptions
{
    /// <summary>Speeches generated at the same time. 1 to 256, default 8.</summary>
    [Range(1, 256)]
    public int MaxRunning { get; init; } = 8;

    /// <summary>Speeches that may wait for a place. 0 to 10,000, default 256.</summary>
    [Range(0, 10_000)]
    public int MaxQueued { get; init; } = 256;

    /// <summary>The longest predicted wait for a place, in seconds, that is still queued and not refused. 0 to 3,600, default 30.</summary>
    [Range(0.0, 3600.0)]
    public double MaxWaitSeconds { get; init; } = 30;

    /// <summary>
    /// Seconds after which a batch speech that waits counts like an interactive one that has just come. 1 to 3,600, default 20.
    /// </summary>
    [Range(1.0, 3600.0)]
    public double BatchAgeingSeconds { get; init; } = 20;

    /// <summary>Characters (Unicode scalar values) in one text. 1 to 100,000, default 10,000.</summary>
    [Range(1, 100_000)]
    public int MaxTextCharacters { get; init; } = 10_000;

    /// <summary>Length of a frame. 5 to 1,000 ms, default 20.</summary>
    [Range(5, 1000)]
    public int FrameMilliseconds { get; init; } = 20;

    /// <summary>
    /// Seconds of sound generated ahead of a listener who reads slowly; beyond that the speech keeps its place
    /// until they have read on. 1 to 3,600, default 60.
    /// </summary>
    [Range(1, 3600)]
    public int ReadAheadSeconds { get; init; } = 60;

    /// <summary>The voice of requests that name none; default: the first of the catalogue.</summary>
    public string? DefaultVoice { get; init; }

    /// <summary>Spoken (default): texts are read as a person would. Reference: exactly as the reference implementation does, for comparisons.</summary>
    public TextReading Reading { get; init; }

    /// <summary>
    /// Whether speech is compared with its text by length and repetition. A segment that looks wrong is made once more, with another
    /// seed that follows from the request's; of a stream, whose sound has left by then, it is only reported. True (default) or false.
    /// </summary>
    public bool SpeechCheck { get; init; } = true;

    /// <summary>Those that decide how a request sounds, and how its sound is cut.</summary>
    internal string Fingerprint => $"{FrameMilliseconds} {Reading} {SpeechCheck} {DefaultVoice}";

    /// <summary>Samples of a frame.</summary>
    internal int FrameSamples(int sampleRate) => sampleRate * FrameMilliseconds / 1000;
}
