using System.Globalization;
using CosyOrleans.Service.Books;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Webhooks;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>What an order asks for beside its items.</summary>
internal sealed class JobPlanRules(JobsOptions options, JobOffer offer, JobViolations violations)
{
    private const double MaxPause = 10;
    private const int MinSecret = 16;
    private const int MaxSecret = 256;

    private static readonly Dictionary<string, AssemblyFormat> Formats =
        Enum.GetValues<AssemblyFormat>().ToDictionary(format => format.ToString().ToLowerInvariant());

    /// <summary>What becomes one item.</summary>
    public static TextUnit Unit(string? split, JobInput input, JobViolations violations)
    {
        var other = input == JobInput.Text ? TextUnit.Chapter : TextUnit.Line;
        var offered = Enum.GetValues<TextUnit>().Where(unit => unit != other).ToDictionary(unit => unit.ToString().ToLowerInvariant());
        if (split is null)
        {
            return TextUnit.Paragraph;
        }

        if (!input.IsProse())
        {
            violations.Add(null, JobErrorCodes.JobInvalid, "split is given, but only plain text and books are split.", "Leave split out.");
        }
        else if (!offered.ContainsKey(split))
        {
            violations.Add(null, JobErrorCodes.JobInvalid, $"split {Quoted.Value(split)} is not offered.", $"Give one of {string.Join(", ", offered.Keys)}, or leave it out.");
        }

        return offered.GetValueOrDefault(split);
    }

    /// <summary>Null where it asks for nothing; what is wrong is noted.</summary>
    public JobPlan? Read(JobDefaults defaults)
    {
        var plan = new JobPlan { Assembly = Assembly(defaults), Webhook = Webhook(defaults) };
        return plan is { Assembly: null, Webhook: null } ? null : plan;
    }

    private AssemblyPlan? Assembly(JobDefaults defaults)
    {
        if (defaults.Assembly is not { } name)
        {
            if (defaults.Pause is not null)
            {
                Wrong("pause is given, but no assembly.", "Give assembly as well, or leave pause out.");
            }

            return null;
        }

        if (!Formats.TryGetValue(name, out var format))
        {
            Wrong($"assembly {Quoted.Value(name)} is unknown.", $"Give one of {string.Join(", ", Formats.Keys)}, or leave it out.");
        }

        var codec = format switch { AssemblyFormat.M4b => AudioFormat.Aac, AssemblyFormat.Flac => AudioFormat.Flac, _ => AudioFormat.Wav };
        if (offer.Unavailable.TryGetValue(codec, out var unavailable))
        {
            violations.Add("assembly", unavailable.Code, unavailable.Message, "Give assembly wav, or install ffmpeg where the server runs.");
        }

        foreach (var (field, value) in new[] { ("title", defaults.Title), ("author", defaults.Author) })
        {
            if (value is not null && TitleRules.Check(value, field) is { } unfit)
            {
                violations.Add(null, unfit.Code, unfit.Message, unfit.Solution);
            }
        }

        var isPause = defaults.Pause is null or (>= 0 and <= MaxPause);
        if (!isPause)
        {
            Wrong(string.Create(CultureInfo.InvariantCulture, $"pause is {defaults.Pause:R}, outside 0 to {MaxPause} seconds."), $"Give 0 to {MaxPause} seconds, or leave it out.");
        }

        var plan = new AssemblyPlan(format) { Title = defaults.Title, Author = defaults.Author };
        return isPause && defaults.Pause is { } pause ? plan with { Pause = pause } : plan; // The plan is written before all that is wrong is told.
    }

    private WebhookPlan? Webhook(JobDefaults defaults)
    {
        if (defaults.Webhook is not { } url)
        {
            if ((defaults.WebhookSecret ?? defaults.WebhookEvents) is not null)
            {
                Wrong("webhook_secret or webhook_events is given, but no webhook.", "Give webhook as well, or leave them out.");
            }

            return null;
        }

        if (WebhookTarget.WhyNot(url, options) is { } problem)
        {
            Wrong(problem, "Give the https URL of a server that everybody can reach; whoever runs this server may allow others with Jobs:PrivateWebhooks.");
        }

        if (defaults.WebhookSecret is not { Length: >= MinSecret and <= MaxSecret } secret || !secret.All(char.IsAscii))
        {
            Wrong($"webhook_secret has not {MinSecret} to {MaxSecret} ASCII characters.", "Give a long random one, with which the receiver checks signatures.");
        }

        if (defaults.WebhookEvents is not (null or "job" or "items"))
        {
            Wrong($"webhook_events {Quoted.Value(defaults.WebhookEvents)} is unknown.", "Give job or items, or leave it out.");
        }

        return new WebhookPlan(url, defaults.WebhookSecret ?? "", defaults.WebhookEvents == "items");
    }

    private void Wrong(string message, string solution) => violations.Add(null, JobErrorCodes.JobInvalid, message, solution);
}
