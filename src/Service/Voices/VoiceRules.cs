using System.Text;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Tenants;
using CosyVoice.Engine;
using CosyVoice.Enrolment;

namespace CosyOrleans.Service.Voices;

/// <summary>What a voice of the catalogue must be like, whatever model it is for. Finds everything that is wrong, not only the first thing.</summary>
public static class VoiceRules
{
    /// <summary>Characters of an id.</summary>
    public const int MaxIdLength = 64;

    /// <summary>Characters of a name, an owner or a kind of model.</summary>
    public const int MaxNameLength = 128;

    /// <summary>Characters of a transcript or a consent.</summary>
    public const int MaxTextLength = 4096;

    /// <summary>Text ids of the transcript.</summary>
    public const int MaxPromptText = 2048;

    /// <summary>Speech tokens of the recording: a minute of it, twice what a recording may last.</summary>
    public const int MaxPromptTokens = 1500;

    /// <summary>Mel frames of the recording, as much.</summary>
    public const int MaxPromptFrames = 3000;

    /// <summary>Versions that are kept of a voice: a speech that began with an older one may have to be continued elsewhere.</summary>
    public const int KeptVersions = 3;

    /// <summary>Warnings of a report.</summary>
    public const int MaxWarnings = 100;

    private const string OneOfTheModel = "came with the model and cannot be changed.";

    /// <summary>Whether a voice of the catalogue, of a tenant or shared, can have this id: it names a folder, on any file system.</summary>
    public static bool IsId(string id) => TenantScope.IsStored(id, MaxIdLength);

    /// <exception cref="SpeechException">At least one rule is broken.</exception>
    public static void Check(VoiceProfile voice, IEnumerable<string> builtIn)
    {
        Violation[] violations = [.. Violations(voice)];
        if (violations.Length > 0)
        {
            throw SpeechException.Invalid(violations);
        }

        CheckNotBuiltIn(voice.Id, builtIn);
    }

    /// <summary>Whether a voice can become so, as far as the change alone says.</summary>
    /// <exception cref="SpeechException">At least one rule is broken.</exception>
    public static void Check(string id, VoiceChange change, IEnumerable<string> builtIn)
    {
        if (change.IsEmpty)
        {
            throw SpeechException.Invalid([Wrong($"Nothing is to be changed about the voice {Quoted.Value(id)}.", "Give its new id, name, owner or consent.")]);
        }

        // Whatever its present id is like, only the new one is judged.
        var wanted = change.Id ?? "voice";
        var complete = new VoiceProfile
        {
            Id = wanted,
            Name = wanted,
            ModelKind = VoiceProfile.DefaultModelKind,
            Content = new Speaker { Id = wanted, Embedding = new float[Speaker.EmbeddingSize] },
        };
        Check(change.ApplyTo(complete), change.Id is null ? [] : builtIn);
    }

    /// <summary>Why a voice cannot get an id.</summary>
    public static SpeechException Taken(string id) => new(
        SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceExists, $"There is a voice {Quoted.Value(id)} already.", "Give another id, or delete that voice first.");

    /// <exception cref="SpeechException">The id is one of the model's own.</exception>
    public static void CheckNotBuiltIn(string id, IEnumerable<string> builtIn)
    {
        if (builtIn.Contains(id, StringComparer.Ordinal))
        {
            throw new SpeechException(
                SpeechErrorKind.Invalid, SpeechErrorCodes.VoiceBuiltIn, $"The voice {Quoted.Value(id)} {OneOfTheModel}", "Give another id.");
        }
    }

    /// <summary>Whether what the model uses of a voice is as it must be.</summary>
    internal static bool IsUsable(Speaker content) => !Violations(content).Any();

    /// <summary>What is wrong with a voice by itself.</summary>
    public static IEnumerable<Violation> Violations(VoiceProfile voice)
    {
        if (!IsId(voice.Id))
        {
            yield return Wrong($"{Quoted.Value(voice.Id)} cannot be the id of a voice.", JobNames.Rule(MaxIdLength));
        }

        var texts = new[]
        {
            Text("name", voice.Name, 1, MaxNameLength),
            Text("owner", voice.Owner, 1, MaxNameLength),
            Text("model kind", voice.ModelKind, 1, MaxNameLength),
            Text("transcript", voice.Transcript, 0, MaxTextLength),
            Text("consent", voice.Consent, 0, MaxTextLength),
        };
        foreach (var violation in texts.OfType<Violation>().Concat(Violations(voice.Content)).Concat(Violations(voice.Report)))
        {
            yield return violation;
        }
    }

    private static IEnumerable<Violation> Violations(Speaker content)
    {
        if (content.Embedding.Length != Speaker.EmbeddingSize)
        {
            yield return Wrong(
                $"The embedding has {content.Embedding.Length} values, not {Speaker.EmbeddingSize}.", $"Give an embedding of {Speaker.EmbeddingSize} values.");
        }

        if (!content.Embedding.All(float.IsFinite) || !content.PromptMel.All(float.IsFinite))
        {
            yield return Wrong("The embedding or the prompt mel holds numbers that are not finite.", "Make the voice again from its recording.");
        }

        if (content.PromptMel.Length % Speaker.MelBins != 0)
        {
            yield return Wrong(
                $"{content.PromptMel.Length} values of prompt mel are not whole frames of {Speaker.MelBins}.", $"Give {Speaker.MelBins} values for each frame.");
        }

        var counts = new[]
        {
            Count("prompt text ids", content.PromptText.Length, MaxPromptText),
            Count("prompt speech tokens", content.PromptSpeechTokens.Length, MaxPromptTokens),
            Count("flow prompt tokens", content.FlowPromptTokens.Length, MaxPromptTokens),
            Count("prompt mel frames", content.PromptMel.Length / Speaker.MelBins, MaxPromptFrames),
        };
        foreach (var violation in counts.OfType<Violation>())
        {
            yield return violation;
        }

        if (content.PromptText.Concat(content.PromptSpeechTokens).Concat(content.FlowPromptTokens).Any(id => id < 0))
        {
            yield return Wrong("An id of the prompt is below 0.", "Make the voice again from its recording.");
        }

        if (content.FlowPromptTokens.Length == 0 && content.PromptMel.Length > 0)
        {
            yield return Wrong("There is a prompt mel without the flow prompt tokens it belongs to.", "Give both, or neither.");
        }
    }

    private static IEnumerable<Violation> Violations(RecordingReport? report)
    {
        if (report is null)
        {
            yield break;
        }

        double[] numbers =
        [
            report.Seconds, report.PeakDecibels, report.ClippedShare, report.SignalToNoiseDecibels, report.LeadingSilence, report.TrailingSilence,
            report.SyllablesPerSecond ?? 0,
        ];
        if (!numbers.All(double.IsFinite))
        {
            yield return Wrong("The report on the recording holds numbers that are not finite.", "Make the voice again from its recording.");
        }

        if (Count("warnings in the report", report.Warnings.Count, MaxWarnings) is { } count)
        {
            yield return count;
        }

        // A file may hold anything, also nothing where a warning is expected.
        var texts = report.Warnings.Take(MaxWarnings).SelectMany(warning => new[] { warning?.Message ?? "", warning?.Solution ?? "" });
        foreach (var violation in texts.Select(text => Text("warning in the report", text, 1, MaxTextLength)).OfType<Violation>())
        {
            yield return violation;
        }
    }

    private static Violation? Text(string field, string? value, int least, int most)
    {
        if (value is null)
        {
            return null;
        }

        var hostile = value.EnumerateRunes().Any(rune => rune.Value == 0xFFFD || (Rune.IsControl(rune) && rune.Value is not ('\n' or '\r' or '\t')));
        return value.Length < least || value.Length > most
            ? Wrong($"The {field} has {value.Length} characters; {least} to {most} are allowed.", $"Give a {field} of {least} to {most} characters.")
            : hostile ? Wrong($"The {field} holds characters that cannot be shown.", $"Send the {field} as UTF-8, without control characters.") : null;
    }

    private static Violation? Count(string what, int count, int most) => count <= most
        ? null
        : Wrong($"There are {count} {what}; at most {most} are allowed.", "Use a shorter recording.");

    private static Violation Wrong(string message, string solution) => new(SpeechErrorCodes.VoiceInvalid, message, solution);
}
