using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>The modes of a request and what the engine does in each.</summary>
public static class SpeakModes
{
    /// <summary>
    /// The voice as it is. One that was made from a recording speaks as in <see cref="ZeroShot"/>, because that is how it
    /// sounds like itself; one that the model was trained on has its embedding only.
    /// </summary>
    public const string Sft = "sft";

    /// <summary>As if the text followed the recording; needs a voice with a recording and its words.</summary>
    public const string ZeroShot = "zero_shot";

    /// <summary>Sound and manner of the recording without its words, for a text in another language; needs a voice with a recording.</summary>
    public const string CrossLingual = "cross_lingual";

    /// <summary>As an emotion, a dialect or an instruction says; needs at least one of them.</summary>
    public const string Instruct = "instruct";

    /// <summary>What another recording says, in this voice; needs a voice with a recording and no text.</summary>
    public const string Conversion = "vc";

    /// <summary>All modes.</summary>
    public static IReadOnlyList<string> Names { get; } = [Sft, ZeroShot, CrossLingual, Instruct, Conversion];

    /// <summary>The mode that a request means, known or not.</summary>
    internal static string Of(SpeakRequest request) =>
        request.Mode ?? (SpokenInstruction.IsGiven(request.Instruction, request.Emotion, request.Dialect) ? Instruct : Sft);

    /// <summary>What the engine does for it.</summary>
    internal static SpeechMode ToEngine(string mode) => mode switch
    {
        CrossLingual => SpeechMode.CrossLingual,
        Instruct => SpeechMode.Instruct,
        Conversion => SpeechMode.Conversion,
        _ => SpeechMode.ZeroShot, // Of a voice without a recording the same as sft.
    };
}
