using CosyVoice.Engine;
using CosyVoice.Enrolment;
using CosyVoice.Text;
using CosyVoice.Text.Arriving;

namespace CosyOrleans.Service.Nodes;

/// <summary>A model in memory that can speak: what the service's rules need of an engine, whatever runs below.</summary>
public interface ILoadedModel : IDisposable
{
    string Name { get; }

    /// <summary>Which voices suit it: a voice of the catalogue is made for one kind, such as "cosyvoice2".</summary>
    string Kind { get; }

    /// <summary>
    /// Names the weights and the program that runs them: where it is the same, the same input is the same sound. Null until it has
    /// been found out, which begins when it is first asked for.
    /// </summary>
    string? Fingerprint { get; }

    /// <summary>Samples per second of everything it speaks.</summary>
    int SampleRate { get; }

    /// <summary>Its own voices, in the order in which they are listed; none where it came without.</summary>
    IReadOnlyList<string> VoiceIds { get; }

    /// <summary>One of its own voices.</summary>
    /// <param name="id">Of <see cref="VoiceIds"/>.</param>
    Speaker OwnVoice(string id);

    /// <summary>Segments to speak one after the other; none when the text holds nothing that can be spoken.</summary>
    IReadOnlyList<TextSegment> Prepare(string text);

    /// <summary>Why it cannot speak with a voice of its kind, as the end of a sentence; null: it can.</summary>
    string? WhyNot(Speaker speaker);

    /// <summary>Makes a voice of its kind from a recording; see <see cref="VoiceEnrolment.EnrolAsync"/> for what it throws.</summary>
    Task<EnrolledVoice> EnrolAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken);

    /// <summary>The speech tokens of a recording that another voice is to say; see <see cref="VoiceEnrolment.ListenAsync"/> for what it throws.</summary>
    Task<int[]> ListenAsync(ReadOnlyMemory<byte> recording, CancellationToken cancellationToken);

    /// <summary>Chunks of any length, in order. Cancelling ends the work within one step.</summary>
    /// <exception cref="OutOfMemoryException">The device's memory does not suffice for all that it makes at the moment.</exception>
    IAsyncEnumerable<AudioChunk> SpeakAsync(SpeechInput input, CancellationToken cancellationToken);
}

/// <summary>All that decides how something sounds: the same input is the same samples, whatever else runs.</summary>
public sealed record SpeechInput(IReadOnlyList<TextSegment> Segments, string VoiceId, int Seed, double Speed, bool Streaming)
{
    /// <summary>
    /// Text that is still being written, instead of segments; it can be enumerated again from its beginning. The sound depends
    /// on the text and its flushes, not on its pieces.
    /// </summary>
    public IAsyncEnumerable<TextPiece>? TextStream { get; init; }

    /// <summary>The voice itself where it is one of the catalogue; null: the model's own of this id.</summary>
    public Speaker? Speaker { get; init; }

    /// <summary>What of the voice is used.</summary>
    public SpeechMode Mode { get; init; }

    /// <summary>How to speak, in <see cref="SpeechMode.Instruct"/>.</summary>
    public string Instruction { get; init; } = "";

    /// <summary>As <see cref="SpeechRequest.Check"/>.</summary>
    public bool Check { get; init; }

    /// <summary>Whoever is listened to comes first.</summary>
    public bool Background { get; init; }

    /// <summary>Where to go on; null: from the beginning.</summary>
    public SpeechCheckpoint? Resume { get; init; }
}
