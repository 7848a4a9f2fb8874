using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using CosyOrleans.Service.Books;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>Turns what somebody sent, of any size, into a checked order. Memory does not grow with the texts: they go to the disk as they come.</summary>
/// <param name="folder">Where orders lie until a job takes them over; on the file system of the jobs, so that this is a rename.</param>
/// <param name="encoders">Those that will write the outputs; null where that is another machine's business.</param>
public sealed class JobIntake(
    string folder, JobsOptions options, SynthesisOptions synthesis, IVoices voices, TimeProvider time, AudioEncoders? encoders = null)
{
    private const int MaxItemBytes = 4 * 1024 * 1024;

    private static readonly Dictionary<string, JobFieldType> Known = new()
    {
        ["id"] = JobFieldType.Text,
        ["voice"] = JobFieldType.Text,
        ["mode"] = JobFieldType.Text,
        ["instruction"] = JobFieldType.Text,
        ["emotion"] = JobFieldType.Text,
        ["dialect"] = JobFieldType.Text,
        ["format"] = JobFieldType.Text,
        ["sample_rate"] = JobFieldType.Integer,
        ["speed"] = JobFieldType.Number,
        ["seed"] = JobFieldType.Integer,
        ["max_in_flight"] = JobFieldType.Integer,
        ["assembly"] = JobFieldType.Text,
        ["title"] = JobFieldType.Text,
        ["author"] = JobFieldType.Text,
        ["pause"] = JobFieldType.Number,
        ["webhook"] = JobFieldType.Text,
        ["webhook_secret"] = JobFieldType.Text,
        ["webhook_events"] = JobFieldType.Text,
    };

    /// <summary>The same for JSON and JSON lines.</summary>
    public Task<JobOrder> ReadAsync(Stream content, bool lines, JobDefaults defaults, CancellationToken cancellationToken) =>
        ReadAsync(content, lines ? JobInput.JsonLines : JobInput.Json, defaults, cancellationToken);

    /// <param name="input">What the content is written in.</param>
    /// <param name="defaults">Used where the content itself says nothing.</param>
    /// <exception cref="SpeechException">Names what is wrong, with the numbers of the items; or it cannot be stored.</exception>
    public async Task<JobOrder> ReadAsync(Stream content, JobInput input, JobDefaults defaults, CancellationToken cancellationToken)
    {
        var spool = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(spool);
            var known = await VoicesAsync(cancellationToken);
            var unavailable = await UnavailableAsync();
            await using var body = new FileStream(
                Path.Combine(spool, "body"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 * 1024, FileOptions.DeleteOnClose);
            await content.CopyToAsync(body, cancellationToken);
            body.Position = 0;
            return await Task.Run(() => Read(body, input, defaults, new JobOffer(known, unavailable), spool, cancellationToken), cancellationToken);
        }
        catch (Exception e)
        {
            DurableFiles.TryDeleteFolder(spool);
            // Errors of the connection are of derived types.
            if (e is UnauthorizedAccessException || e.GetType() == typeof(IOException))
            {
                throw DurableFiles.NotWritten(JobErrorCodes.DataNotWritten, "The job", e);
            }

            throw;
        }
    }

    private JobOrder Read(
        Stream body, JobInput input, JobDefaults defaults, JobOffer offer, string spool, CancellationToken cancellationToken)
    {
        var violations = new JobViolations();
        try
        {
            (var book, defaults) = Open(body, input, defaults, violations);
            Check(defaults, violations);
            var plan = new JobPlanRules(options, offer, violations).Read(defaults);
            var rules = new JobItemRules(defaults, offer, synthesis, violations);
            var digest = Write(book.Items, rules, plan, Path.Combine(spool, JobOrder.ItemsName), violations, cancellationToken);
            if (rules.Count == 0)
            {
                violations.Add(null, JobErrorCodes.JobInvalid, "There are no items.", "Give at least one item.");
            }

            violations.Throw();
            var id = defaults.Id ?? Guid.CreateVersion7().ToString("N");
            var inFlight = (int?)defaults.InFlight ?? options.InFlight;
            if (plan?.Assembly is not null && book.Cover is { } cover)
            {
                DurableFiles.WriteAll(Path.Combine(spool, JobOrder.CoverName), cover.Content);
            }

            return new JobOrder(spool, new JobHeader(id, time.GetUtcNow(), rules.Count, inFlight, digest) { Plan = plan });
        }
        catch (JobInputException e)
        {
            violations.Add(null, JobErrorCodes.JobInvalid, e.Message, e.Solution);
            violations.Throw();
            throw;
        }
        catch (JsonException e)
        {
            var position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
            var reason = position < 0 ? e.Message : e.Message[..position];
            violations.Add(
                null,
                JobErrorCodes.JobInvalid,
                $"The content is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {reason}",
                input == JobInput.JsonLines ? "Send one JSON object a line." : "Correct the JSON and send it again.");
            violations.Throw();
            throw;
        }
    }

    private (Book Book, JobDefaults Defaults) Open(Stream body, JobInput input, JobDefaults defaults, JobViolations violations)
    {
        var unit = JobPlanRules.Unit(defaults.Split, input, violations);
        switch (input)
        {
            case JobInput.Text:
                return (OfItems(TextItems.Read(body, unit, synthesis.MaxTextCharacters)), defaults);
            case JobInput.Csv:
                return (OfItems(CsvItems.Read(body, JobItemRules.Known)), defaults);
            case JobInput.Epub:
                var book = BookItems.Open(body, unit, synthesis.MaxTextCharacters);
                return (book, defaults with { Title = defaults.Title ?? book.Title, Author = defaults.Author ?? book.Author });
            case JobInput.JsonLines:
                return (OfItems(JsonItems.Read(new JsonCursor(body, MaxItemBytes, several: true))), defaults);
            default:
                (var items, defaults) = Begin(new JsonCursor(body, MaxItemBytes, several: false), defaults, violations);
                return (OfItems(items), defaults);
        }
    }

    private static Book OfItems(IEnumerable<OrderedItem> items) => new(null, null, null, items);

    // Up to the first item. What follows the items of an object is read first, because it may say something about them.
    private (IEnumerable<OrderedItem> Items, JobDefaults Defaults) Begin(JsonCursor cursor, JobDefaults defaults, JobViolations violations)
    {
        const string Example = "Send a list of items, or an object such as {\"items\": [{\"text\": \"Hello.\"}]}.";
        cursor.ReadToken();
        if (cursor.Type == JsonTokenType.StartArray)
        {
            return (JsonItems.Read(cursor), defaults);
        }

        Func<JsonCursor>? items = null;
        var template = new TemplateItems();
        var fields = new JobItemFields((message, solution) => violations.Add(null, JobErrorCodes.JobInvalid, message, solution));
        var seen = new HashSet<string>();
        for (var more = cursor.Type == JsonTokenType.StartObject && cursor.ReadToken(); more && cursor.Type == JsonTokenType.PropertyName;)
        {
            var name = cursor.Name ?? "\uFFFD";
            if (!seen.Add(name))
            {
                violations.Add(null, JobErrorCodes.JobInvalid, $"{Quoted.Value(name)} is given more than once.", "Give each field once.");
            }

            if (TemplateItems.Names.Contains(name))
            {
                cursor.ReadValue();
                template.Add(name, cursor.Value);
            }
            else if (name != "items")
            {
                cursor.ReadValue();
                using var value = JsonDocument.Parse(cursor.Value);
                fields.Accept(name, value.RootElement, Known);
            }
            else if (cursor.ReadToken() && cursor.Type == JsonTokenType.StartArray)
            {
                items = cursor.Remember();
                while (cursor.ReadValue() && cursor.Type != JsonTokenType.EndArray)
                {
                }
            }
            else
            {
                break;
            }

            more = cursor.ReadToken();
        }

        if (items is null == template.IsEmpty)
        {
            violations.Add(null, JobErrorCodes.JobInvalid, items is null ? "There is no list of items." : "There are both items and texts, voices or styles.", Example);
            violations.Throw();
        }

        while (cursor.ReadToken())
        {
        }

        return (items is null ? template.Items(options.MaxItems) : JsonItems.Read(items()), new JobDefaults
        {
            Id = fields.Text("id") ?? defaults.Id,
            Voice = fields.Text("voice") ?? defaults.Voice,
            Mode = fields.Text("mode") ?? defaults.Mode,
            Instruction = fields.Text("instruction") ?? defaults.Instruction,
            Emotion = fields.Text("emotion") ?? defaults.Emotion,
            Dialect = fields.Text("dialect") ?? defaults.Dialect,
            Format = fields.Text("format") ?? defaults.Format,
            SampleRate = fields.Integer("sample_rate") ?? defaults.SampleRate,
            Speed = fields.Number("speed") ?? defaults.Speed,
            Seed = fields.Integer("seed") ?? defaults.Seed,
            InFlight = fields.Integer("max_in_flight") ?? defaults.InFlight,
            Split = defaults.Split,
            Assembly = fields.Text("assembly") ?? defaults.Assembly,
            Title = fields.Text("title") ?? defaults.Title,
            Author = fields.Text("author") ?? defaults.Author,
            Pause = fields.Number("pause") ?? defaults.Pause,
            Webhook = fields.Text("webhook") ?? defaults.Webhook,
            WebhookSecret = fields.Text("webhook_secret") ?? defaults.WebhookSecret,
            WebhookEvents = fields.Text("webhook_events") ?? defaults.WebhookEvents,
        });
    }

    private static void Check(JobDefaults defaults, JobViolations violations)
    {
        if (defaults.Id is { } id && !JobNames.Fits(id, JobLimits.MaxIdLength))
        {
            violations.Add(null, JobErrorCodes.JobInvalid, $"id {Quoted.Value(id)} cannot be used as a name.", JobNames.Rule(JobLimits.MaxIdLength));
        }

        if (defaults.InFlight is < 1 or > JobLimits.MaxInFlight)
        {
            violations.Add(
                null,
                JobErrorCodes.JobInvalid,
                $"max_in_flight is {defaults.InFlight}, outside 1 to {JobLimits.MaxInFlight}.",
                $"Give 1 to {JobLimits.MaxInFlight}, or leave it out.");
        }
    }

    private string Write(IEnumerable<OrderedItem> items, JobItemRules rules, JobPlan? plan, string path, JobViolations violations, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 256 * 1024);
        if (plan is not null)
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(plan, JobJson.Options));
        }

        foreach (var ordered in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (rules.Count == options.MaxItems)
            {
                var most = options.MaxItems.ToString("N0", CultureInfo.InvariantCulture);
                violations.Add(null, JobErrorCodes.JobTooLarge, $"There are more than {most} items.", "Send them as several jobs.");
                violations.Throw();
            }

            if (rules.Read(ordered) is { } item && !violations.Any)
            {
                var line = JsonSerializer.SerializeToUtf8Bytes(item, JobJson.Options);
                file.Write(line);
                file.WriteByte((byte)'\n');
                hash.AppendData(line);
            }
        }

        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<IReadOnlyDictionary<AudioFormat, Violation>> UnavailableAsync()
    {
        var unavailable = new Dictionary<AudioFormat, Violation>();
        foreach (var format in Enum.GetValues<AudioFormat>())
        {
            if (encoders is not null && await encoders.WhyNotAsync(format) is { } problem)
            {
                unavailable.Add(format, problem);
            }
        }

        return unavailable;
    }

    private async Task<IReadOnlySet<string>?> VoicesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await voices.ListAsync(cancellationToken)).Select(voice => voice.Id).ToHashSet();
        }
        catch (SpeechException)
        {
            // While the model is being loaded nobody knows; each item finds out when it is spoken.
            return null;
        }
    }
}
