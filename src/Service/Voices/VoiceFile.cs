using CosyOrleans.Service.Errors;
using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Voices;

/// <summary>Files in which voices come: spk2info.pt, with one or more, or the .safetensors of one as the data folder has it.</summary>
public static class VoiceFile
{
    /// <summary>Bytes of a file.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    /// <summary>Voices of a file.</summary>
    public const int MaxVoices = 100;

    private const string Solution = "Give a spk2info.pt as torch.save writes it, or a .safetensors file of one voice.";

    /// <summary>The voices of a file, which keep <see cref="VoiceRules"/>.</summary>
    /// <param name="name">Of the file; without a folder.</param>
    /// <param name="content">The whole file.</param>
    /// <param name="id">For a file with one voice; null: what the file says, or its name without the ending.</param>
    /// <param name="described">What the file does not say: model kind, owner, texts; the name where it is not empty.</param>
    /// <exception cref="SpeechException">The file holds no usable voices; every problem is named.</exception>
    public static IReadOnlyList<VoiceProfile> Read(string name, ReadOnlySpan<byte> content, string? id, VoiceProfile described)
    {
        if (content.Length is 0 or > MaxBytes)
        {
            throw Wrong($"The file {Quoted.Value(name)} has {content.Length} bytes; 1 to {MaxBytes} are taken.");
        }

        var speakers = Speakers(name, content);
        if (speakers.Count is 0 or > MaxVoices || (id is not null && speakers.Count > 1))
        {
            throw Wrong(id is null || speakers.Count == 0
                ? $"The file {Quoted.Value(name)} has {speakers.Count} voices; 1 to {MaxVoices} are taken."
                : $"The file {Quoted.Value(name)} has {speakers.Count} voices, and one id was given for them.");
        }

        VoiceProfile[] voices = [.. speakers.Select(speaker => Describe(speaker with { Id = id ?? speaker.Id }, described))];
        Violation[] violations = [.. voices.SelectMany(VoiceRules.Violations)];
        return violations.Length == 0 ? voices : throw SpeechException.Invalid(violations);
    }

    private static IReadOnlyCollection<Speaker> Speakers(string name, ReadOnlySpan<byte> content)
    {
        try
        {
            return content.StartsWith("PK"u8)
                ? [.. SpeakerFile.Read(name, content).Values]
                : [SpeakerTensors.Read(Path.GetFileNameWithoutExtension(name), content)];
        }
        catch (CheckpointException e)
        {
            throw Wrong($"The file {Quoted.Value(name)} cannot be used: {Quoted.List(e.Problems)}.");
        }
    }

    private static VoiceProfile Describe(Speaker speaker, VoiceProfile described) => described with
    {
        Id = speaker.Id,
        Name = described.Name.Length > 0 ? described.Name : speaker.Id,
        Content = speaker,
    };

    private static SpeechException Wrong(string message) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.VoiceInvalid, message, Solution)]);
}
