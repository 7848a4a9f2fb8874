using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>
/// Reads items one after the other and checks them as far as that needs no model, so that what cannot work is known
/// before anything is made; the rest turns up when the item is spoken.
/// </summary>
internal sealed class JobItemRules(
    JobDefaults defaults, JobOffer offer, SynthesisOptions options, JobViolations violations)
{
    public static readonly IReadOnlyDictionary<string, JobFieldType> Known = new Dictionary<string, JobFieldType>
    {
        ["text"] = JobFieldType.Text,
        ["task_id"] = JobFieldType.Text,
        ["name"] = JobFieldType.Text,
        ["voice"] = JobFieldType.Text,
        ["mode"] = JobFieldType.Text,
        ["instruction"] = JobFieldType.Text,
        ["emotion"] = JobFieldType.Text,
        ["dialect"] = JobFieldType.Text,
        ["format"] = JobFieldType.Text,
        ["sample_rate"] = JobFieldType.Integer,
        ["seed"] = JobFieldType.Integer,
        ["speed"] = JobFieldType.Number,
        ["chapter"] = JobFieldType.Text,
    };

    // Names themselves would take far more memory; 128 bits of a hash do not meet by chance.
    private readonly HashSet<UInt128> _names = [];
    private int _number;

    /// <summary>Items read so far.</summary>
    public int Count => _number;

    /// <summary>The item, or null where something is wrong with it, which is noted.</summary>
    public JobItem? Read(OrderedItem ordered)
    {
        _number++;
        var sound = true;
        void Wrong(string code, string message, string solution)
        {
            sound = false;
            violations.Add(ordered.Where ?? $"Item {_number}", code, message, solution);
        }

        var fields = new JobItemFields((message, solution) => Wrong(JobErrorCodes.JobInvalid, message, solution));
        try
        {
            fields.Read(ordered.Json, Known);
        }
        catch (JsonException)
        {
            Wrong(JobErrorCodes.JobInvalid, "A field is given more than once, or something is nested too deeply.", "Give each field once.");
            return null;
        }

        var format = fields.Text("format") ?? defaults.Format ?? "wav";
        var rate = fields.Integer("sample_rate") ?? defaults.SampleRate;
        var item = new JobItem
        {
            Number = _number,
            Name = fields.Text("name") ?? $"{fields.Text("task_id") ?? _number.ToString("D6", CultureInfo.InvariantCulture)}.{format}",
            Text = fields.Text("text") ?? "",
            Voice = fields.Text("voice") ?? defaults.Voice ?? options.DefaultVoice,
            Mode = fields.Text("mode") ?? defaults.Mode,
            Instruction = fields.Text("instruction") ?? defaults.Instruction,
            Emotion = fields.Text("emotion") ?? defaults.Emotion,
            Dialect = fields.Text("dialect") ?? defaults.Dialect,
            Format = AudioFormats.Find(format) ?? AudioFormat.Wav,
            SampleRate = rate is >= 0 and <= int.MaxValue ? (int)rate : null,
            Seed = 0,
            Speed = fields.Number("speed") ?? defaults.Speed ?? 1,
            Chapter = fields.Text("chapter"),
        };
        var seed = fields.Integer("seed") ?? defaults.Seed;
        foreach (var violation in sound ? Check(item, fields, format, rate, seed) : [])
        {
            Wrong(violation.Code, violation.Message, violation.Solution);
        }

        return sound ? item with { Seed = (int?)seed ?? SeedOf(item) } : null;
    }

    private IEnumerable<Violation> Check(JobItem item, JobItemFields fields, string format, long? rate, long? seed)
    {
        foreach (var violation in fields.Text("text") is null ? [TextRules.Missing] : TextRules.Check(item.Text, options.MaxTextCharacters))
        {
            yield return violation;
        }

        if (fields.Text("task_id") is { } task && !JobNames.Fits(task, JobLimits.MaxIdLength))
        {
            yield return Invalid($"task_id {Quoted.Value(task)} cannot be used as a name.", JobNames.Rule(JobLimits.MaxIdLength));
        }
        else if (AudioFormats.Find(format) is null)
        {
            yield return Invalid($"format {Quoted.Value(format)} is unknown.", $"Give format {AudioFormats.List}.");
        }
        else if (!JobNames.Fits(item.Name, JobLimits.MaxNameLength))
        {
            yield return Invalid($"name {Quoted.Value(item.Name)} cannot be the name of a file.", JobNames.Rule(JobLimits.MaxNameLength));
        }
        else if (!item.Name.EndsWith($".{format}", StringComparison.Ordinal))
        {
            yield return Invalid($"name {Quoted.Value(item.Name)} does not end in .{format}.", $"Let the names of outputs end in .{format}, or leave name out.");
        }
        else if (!_names.Add(Hash(item.Name.ToLowerInvariant())))
        {
            yield return Invalid($"The name {Quoted.Value(item.Name)} is that of an earlier item.", "Give each item a task_id or name of its own.");
        }

        if (offer.Unavailable.TryGetValue(item.Format, out var unavailable))
        {
            yield return unavailable;
        }

        if (defaults.Assembly is not null && item.Format != AudioFormat.Wav)
        {
            yield return Invalid($"format is {Quoted.Value(format)}, and an assembly is made of WAV files.", "Leave format out; assembly says in which format the whole is written.");
        }

        if (item.Chapter is { } chapter && TitleRules.Check(chapter, "chapter") is { } unfit)
        {
            yield return unfit;
        }

        if (AudioOutput.CheckRate(item.Format, rate) is { } wrong)
        {
            yield return Invalid(wrong.Message, wrong.Solution);
        }

        if (item.Mode == SpeakModes.Conversion)
        {
            yield return Invalid("Mode vc takes a recording, and items are texts.", "Leave mode out, or convert recordings one by one with POST /tts.");
        }
        else
        {
            foreach (var violation in new ModeRules(item.ToRequest(), voice: null, others: []).Check().Violations)
            {
                yield return violation;
            }
        }

        if (item.Voice is { } voice && offer.Voices?.Contains(voice) == false)
        {
            yield return new Violation(SpeechErrorCodes.VoiceUnknown, $"There is no voice {Quoted.Value(voice)}.", $"Give one of these voices: {Quoted.List([.. offer.Voices.Order(StringComparer.Ordinal)])}.");
        }

        if (seed is < SpeakLimits.MinSeed or > SpeakLimits.MaxSeed)
        {
            yield return Invalid($"seed is {seed}, outside 1 to 100,000,000.", "Give a seed from 1 to 100,000,000, or leave it out.");
        }

        if (item.Speed is not (>= SpeakLimits.MinSpeed and <= SpeakLimits.MaxSpeed))
        {
            yield return Invalid(string.Create(CultureInfo.InvariantCulture, $"speed is {item.Speed:R}, outside 0.5 to 2.0."), "Give a speed from 0.5 to 2.0, or leave it out.");
        }
    }

    // Decided by the item alone: the same file gives the same sound on every day and every machine.
    private static int SeedOf(JobItem item)
    {
        var hash = Hash($"{item.Number}\n{item.Name}\n{item.Voice}\n{item.Text}");
        return SpeakLimits.MinSeed + (int)(hash % SpeakLimits.MaxSeed);
    }

    private static UInt128 Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static Violation Invalid(string message, string solution) => new(JobErrorCodes.JobInvalid, message, solution);
}
