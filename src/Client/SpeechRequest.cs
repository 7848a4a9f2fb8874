using System.Text.Json.Serialization;

namespace CosyOrleans.Client;

/// <summary>What to speak, with the fields of POST /tts; null leaves a field to the server.</summary>
public sealed record SpeechRequest
{
    [JsonPropertyName("text")]
    public string? Text { get; init; }

    /// <summary>A voice of the server's catalogue; its default voice when null.</summary>
    [JsonPropertyName("speaker_id")]
    public string? Voice { get; init; }

    /// <summary>sft, zero_shot, cross_lingual, instruct or vc.</summary>
    [JsonPropertyName("mode")]
    public string? Mode { get; init; }

    /// <summary>1 to 100,000,000; same seed, same sound. Null: a random one, which <see cref="LiveSpeech.Seed"/> names.</summary>
    [JsonPropertyName("seed")]
    public long? Seed { get; init; }

    /// <summary>0.5 to 2; 1 when null.</summary>
    [JsonPropertyName("speed")]
    public double? Speed { get; init; }

    /// <summary>Samples per second: 8000, 16000, 22050, 24000, 44100 or 48000; the model's own when null.</summary>
    [JsonPropertyName("sample_rate")]
    public int? SampleRate { get; init; }

    [JsonPropertyName("instruction")]
    public string? Instruction { get; init; }

    [JsonPropertyName("emotion")]
    public string? Emotion { get; init; }

    [JsonPropertyName("dialect")]
    public string? Dialect { get; init; }

    /// <summary>Instead of <see cref="Voice"/>: a recording of the voice, a sound file of at most 12 MiB.</summary>
    [JsonPropertyName("reference_audio")]
    public byte[]? ReferenceAudio { get; init; }

    /// <summary>What is said in <see cref="ReferenceAudio"/>, word for word.</summary>
    [JsonPropertyName("reference_text")]
    public string? ReferenceText { get; init; }

    /// <summary>In mode vc: the recording that is to be said in the voice, a sound file of at most 12 MiB.</summary>
    [JsonPropertyName("source_audio")]
    public byte[]? SourceAudio { get; init; }

    /// <summary>Your name for this speech: up to 64 letters, digits, '.', '_' and '-'.</summary>
    [JsonPropertyName("task_id")]
    public string? TaskId { get; init; }
}
