using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using CosyVoice.Enrolment;

namespace CosyOrleans.Service.Voices;

/// <summary>One version of a voice of the catalogue. Immutable: a change is the next version.</summary>
public sealed record VoiceProfile
{
    /// <summary>The kind of model that the voices of a file are for where nothing else is said.</summary>
    public const string DefaultModelKind = "cosyvoice2";

    /// <summary>What a request names; see <see cref="VoiceRules"/>.</summary>
    public required string Id { get; init; }

    /// <summary>What a person reads.</summary>
    public required string Name { get; init; }

    /// <summary>Whose voice entry it is; null: nobody in particular.</summary>
    public string? Owner { get; init; }

    /// <summary>1, 2, …; saving decides it.</summary>
    public int Version { get; init; }

    /// <summary>When this version was saved; saving decides it.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>What is said in the recording it was made from.</summary>
    public string? Transcript { get; init; }

    /// <summary>The words in which the person whose voice this is agreed to its use.</summary>
    public string? Consent { get; init; }

    /// <summary>Which models can speak with it, such as "cosyvoice2".</summary>
    public required string ModelKind { get; init; }

    /// <summary>How good the recording is that it was made from; null where it came as a file of voices.</summary>
    public RecordingReport? Report { get; init; }

    /// <summary>What the model uses.</summary>
    public required Speaker Content { get; init; }

    /// <summary>The modes in which a model can speak with it.</summary>
    public IReadOnlyList<string> Modes => ModesOf(Content);

    /// <summary>The modes in which a model can speak with a voice.</summary>
    public static IReadOnlyList<string> ModesOf(Speaker voice) => voice switch
    {
        { FlowPromptTokens.Length: 0 } => [SpeakModes.Sft, SpeakModes.Instruct],
        { PromptText.Length: 0 } => [SpeakModes.Sft, SpeakModes.CrossLingual, SpeakModes.Instruct, SpeakModes.Conversion],
        _ => SpeakModes.Names,
    };
}
