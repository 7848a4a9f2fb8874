using CosyOrleans.Service.Errors;
using CosyVoice.Engine;
using CosyVoice.Weights;

namespace CosyOrleans.Service.Voices;

/// <summary>Files in which voices come: spk2info.pt, with one or more, or the .safetensors of one, exported or as the data folder has it.</summary>
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
    /// <param name="described">What is said beside the file, and counts more than what it says: owner, texts; name and model kind where they are not empty.</param>
    /// <exception cref="SpeechException">The file holds no usable voices; every problem is named.</exception>
    public static IReadOnlyList<VoiceProfile> Read(string name, ReadOnlySpan<byte> content, VoiceChoice choice, VoiceProfile described)
    {
        CheckSize(name, content.Length);
        var stored = Choose(name, Stored(name, content), choice.Voice);
        if (stored.Count is 0 or > MaxVoices)
        {
            throw Wrong($"The file {Quoted.Value(name)} has {stored.Count} voices; 1 to {MaxVoices} are taken.", "Name one of them, or give smaller files.");
        }

        if (stored.Count > 1 && (choice.Id is not null || described.Name.Length > 0))
        {
            var given = choice.Id is { } id ? $"the id {Quoted.Value(id)}" : $"the name {Quoted.Value(described.Name)}";
            throw Wrong(
                $"The file {Quoted.Value(name)} has {stored.Count} voices, {Ids(stored)}, and {given} is for one.",
                "Say which with voice, or leave id and name out to take all under the ids of the file.");
        }

        VoiceProfile[] voices = [.. stored.Select(voice => Describe(voice, choice.Id ?? voice.Id, described))];
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

    private static IReadOnlyCollection<VoiceProfile> Choose(string name, IReadOnlyCollection<VoiceProfile> stored, string? voice)
    {
        if (voice is null)
        {
            return stored;
        }

        return stored.FirstOrDefault(one => one.Id == voice) is { } chosen ? [chosen] : throw Wrong(
            $"The file {Quoted.Value(name)} has no voice {Quoted.Value(voice)}.", $"It has {Ids(stored)}.");
    }

    private static string Ids(IEnumerable<VoiceProfile> stored) => Quoted.List([.. stored.Select(voice => Quoted.Value(voice.Id))], ShownIds);

    private static IReadOnlyCollection<VoiceProfile> Stored(string name, ReadOnlySpan<byte> content)
    {
        var zip = content.StartsWith("PK"u8);
        try
        {
            return zip ? [.. SpeakerFile.Read(name, content).Values.Select(Plain)] : [ExportedVoice.Read(name, content)];
        }
        catch (CheckpointException e)
        {
            throw Wrong(
                $"The file {Quoted.Value(name)} cannot be used as {(zip ? "spk2info.pt" : ".safetensors")}: " +
                $"{Quoted.List([.. e.Problems.Select(Quoted.Plain)], ShownProblems)}.",
                Solution);
        }
    }

    private static VoiceProfile Plain(Speaker speaker) => new() { Id = speaker.Id, Name = speaker.Id, ModelKind = VoiceProfile.DefaultModelKind, Content = speaker };

    private static VoiceProfile Describe(VoiceProfile stored, string id, VoiceProfile described) => stored with
    {
        Id = id,
        Name = described.Name.Length > 0 ? described.Name : stored.Name == stored.Id ? id : stored.Name,
        Owner = described.Owner ?? stored.Owner,
        Transcript = described.Transcript ?? stored.Transcript,
        Consent = described.Consent ?? stored.Consent,
        ModelKind = described.ModelKind.Length > 0 ? described.ModelKind : stored.ModelKind,
        Content = stored.Content with { Id = id },
    };

    private static SpeechException Wrong(string message, string solution) =>
        SpeechException.Invalid([new Violation(SpeechErrorCodes.VoiceInvalid, message, solution)]);
}

/// <param name="Voice">The one voice to be taken, by the id that it has in the file; null: all.</param>
/// <param name="Id">The id of the one voice; null: what the file says, or its name without the ending.</param>
public sealed record VoiceChoice(string? Voice = null, string? Id = null);
