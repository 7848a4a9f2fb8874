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

    private const int ShownIds = 10;
    private const int ShownProblems = 5;
    private const string Solution = "Give a spk2info.pt as torch.save writes it, or a .safetensors file of one voice.";

    /// <summary>The voices of a file, which keep <see cref="VoiceRules"/>.</summary>
    /// <param name="name">Of the file; without a folder.</param>
    /// <param name="content">The whole file, 1 to <see cref="MaxBytes"/> bytes.</param>
    /// <param name="choice">Which of the file's voices are taken, and under which id.</param>
    /// <param name="described">What the file does not say: model kind, owner, texts; the name where it is not empty.</param>
    /// <exception cref="SpeechException">The file holds no usable voices; every problem is named.</exception>
    public static IReadOnlyList<VoiceProfile> Read(string name, ReadOnlySpan<byte> content, VoiceChoice choice, VoiceProfile described)
    {
        CheckSize(name, content.Length);
        var speakers = Choose(name, Speakers(name, content), choice.Voice);
        if (speakers.Count is 0 or > MaxVoices)
        {
            throw Wrong($"The file {Quoted.Value(name)} has {speakers.Count} voices; 1 to {MaxVoices} are taken.", "Name one of them, or give smaller files.");
        }

        if (speakers.Count > 1 && (choice.Id is not null || described.Name.Length > 0))
        {
            var given = choice.Id is { } id ? $"the id {Quoted.Value(id)}" : $"the name {Quoted.Value(described.Name)}";
            throw Wrong(
                $"The file {Quoted.Value(name)} has {speakers.Count} voices, {Ids(speakers)}, and {given} is for one.",
                "Say which with voice, or leave id and name out to take all under the ids of the file.");
        }

        VoiceProfile[] voices = [.. speakers.Select(speaker => Describe(speaker with { Id = choice.Id ?? speaker.Id }, described))];
        Violation[] violations = [.. voices.SelectMany(VoiceRules.Violations)];
        return violations.Length == 0 ? voices : throw SpeechException.Invalid(violations);
    }

    /// <exception cref="SpeechException">The size is not 1 to <see cref="MaxBytes"/> bytes.</exception>
    public static void CheckSize(string name, long bytes)
    {
        if (bytes is 0 or > MaxBytes)
        {
            throw Wrong($"The file {Quoted.Value(name)} has {bytes} bytes; 1 to {MaxBytes} are taken.", Solution);
        }
    }

    private static IReadOnlyCollection<Speaker> Choose(string name, IReadOnlyCollection<Speaker> speakers, string? voice)
    {
        if (voice is null)
        {
            return speakers;
        }

        return speakers.FirstOrDefault(speaker => speaker.Id == voice) is { } chosen ? [chosen] : throw Wrong(
            $"The file {Quoted.Value(name)} has no voice {Quoted.Value(voice)}.", $"It has {Ids(speakers)}.");
    }

    private static string Ids(IEnumerable<Speaker> speakers) => Quoted.List([.. speakers.Select(speaker => Quoted.Value(speaker.Id))], ShownIds);

    private static IReadOnlyCollection<Speaker> Speakers(string name, ReadOnlySpan<byte> content)
    {
        var zip = content.StartsWith("PK"u8);
        try
        {
            return zip ? [.. SpeakerFile.Read(name, content).Values] : [SpeakerTensors.Read(Path.GetFileNameWithoutExtension(name), content)];
        }
        catch (CheckpointException e)
        {
            throw Wrong(
                $"The file {Quoted.Value(name)} cannot be used as {(zip ? "spk2info.pt" : ".safetensors")}: " +
                $"{Quoted.List([.. e.Problems.Select(Quoted.Plain)], ShownProblems)}.",
                Solution);
        }
    }

    private static VoiceProfile Describe(Speaker speaker, VoiceProfile described) => described with
    {
        Id = speaker.Id,
        Name = described.Name.Length > 0 ? described.Name : speaker.Id,
        Content = speaker,
    };

    private static SpeechException Wrong(string message, string solution) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.VoiceInvalid, message, solution)]);
}

/// <param name="Voice">The one voice to be taken, by the id that it has in the file; null: all.</param>
/// <param name="Id">The id of the one voice; null: what the file says, or its name without the ending.</param>
public sealed record VoiceChoice(string? Voice = null, string? Id = null);
