using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Synthesis;

/// <summary>What somebody asked to have spoken, as they sent it: not yet checked. Null stands for a field that was left out.</summary>
public sealed record SpeakRequest
{
    /// <summary>
    /// sft, zero_shot, cross_lingual, instruct or vc; <see cref="SpeakModes"/> says what each needs. Left out: instruct where
    /// there is an instruction, otherwise sft.
    /// </summary>
    public string? Mode { get; init; }

    public string? Text { get; init; }

    /// <summary>Instead of <see cref="Text"/>: text that is still being written, and spoken while it is.</summary>
    public TextInput? TextInput { get; init; }

    /// <summary>A voice of the catalogue; the server's default voice when left out.</summary>
    public string? SpeakerId { get; init; }

    /// <summary>Which version of the voice, as <see cref="SpeechDetails"/> named it; 0 for a voice of the model. The newest when left out.</summary>
    public int? VoiceVersion { get; init; }

    /// <summary>0.5 to 2.0; 1.0 when left out.</summary>
    public double? Speed { get; init; }

    /// <summary>1 to 100,000,000; a random one, which the answer names, when left out.</summary>
    public long? Seed { get; init; }

    /// <summary>True: sound leaves while it is being generated. False: it is generated as a whole, with the whole as context.</summary>
    public bool Streaming { get; init; } = true;

    /// <summary>The caller's own name for this speech; one is made when left out.</summary>
    public string? TaskId { get; init; }

    /// <summary>Samples per second; the model's own when left out.</summary>
    public long? SampleRate { get; init; }

    /// <summary>Base64 of a recording whose voice is to speak, instead of <see cref="SpeakerId"/>.</summary>
    public string? ReferenceAudio { get; init; }

    /// <summary>What is said in <see cref="ReferenceAudio"/>, word for word.</summary>
    public string? ReferenceText { get; init; }

    /// <summary>Base64 of a recording that is to be said again in the voice; in mode vc instead of a text.</summary>
    public string? SourceAudio { get; init; }

    /// <summary>How to speak, in the requester's own words or one of <see cref="CosyVoice.Engine.Instructions.Manners"/>.</summary>
    public string? Instruction { get; init; }

    /// <summary>One of <see cref="SpokenInstruction.Emotions"/>.</summary>
    public string? Emotion { get; init; }

    /// <summary>One of <see cref="SpokenInstruction.Dialects"/>.</summary>
    public string? Dialect { get; init; }

    /// <summary>Who asks: whose voices are meant before the shared ones, and who takes turns with others; null: whoever runs the server.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether somebody is waiting for the sound.</summary>
    public SpeechLane Lane { get; init; }

    /// <summary>
    /// Continues a speech that began elsewhere; null: from the beginning. Everything else must be as it was then, with
    /// the seed, the voice and its version that <see cref="SpeechDetails"/> named.
    /// </summary>
    public SpeechResumption? Resume { get; init; }

    /// <summary>What already turned out wrong when the request was read off the wire; reported together with everything else.</summary>
    public IReadOnlyList<Violation> Unreadable { get; init; } = [];
}
