namespace CosyVoice.Engine;

/// <summary>What of a voice is used, and what for.</summary>
public enum SpeechMode
{
    /// <summary>
    /// The text as if it followed the voice's recording (zero_shot). For a voice that the model was trained on, which has no
    /// recording, the same as <see cref="Sft"/>.
    /// </summary>
    ZeroShot,

    /// <summary>Sound and manner of the recording but not its words, for a text in another language (cross_lingual).</summary>
    CrossLingual,

    /// <summary>As <see cref="CrossLingual"/>, spoken as an instruction says: dialect, emotion, pace and so on (instruct2).</summary>
    Instruct,

    /// <summary>The voice's embedding alone (sft).</summary>
    Sft,

    /// <summary>No text: the words, timing and intonation of another recording in this voice. Segments hold its speech tokens.</summary>
    Conversion,
}
