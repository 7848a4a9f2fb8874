using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CosyOrleans.Frontend.Errors;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CosyOrleans.Frontend.Jobs;

/// <summary>Reads an order off the wire.</summary>
internal static class JobBody
{
    public const string Json = "application/json";

    public static readonly string[] Lines = ["application/x-ndjson", "application/jsonl", "application/x-jsonlines"];

    /// <summary>Types of bodies and what is written in them.</summary>
    public static readonly IReadOnlyDictionary<string, JobInput> Types = new Dictionary<string, JobInput>(StringComparer.OrdinalIgnoreCase)
    {
        [Json] = JobInput.Json,
        [Lines[0]] = JobInput.JsonLines,
        [Lines[1]] = JobInput.JsonLines,
        [Lines[2]] = JobInput.JsonLines,
        ["text/plain"] = JobInput.Text,
        ["text/csv"] = JobInput.Csv,
        ["application/epub+zip"] = JobInput.Epub,
    };

    /// <summary>A secret does not belong in a URL, which is written to logs.</summary>
    public const string SecretHeader = "Webhook-Secret";

    public const string KeyHeader = "Idempotency-Key";

    private const int MaxKeyLength = 255;

    private static readonly string[] Queries = ["id", "voice", "mode", "instruction", "emotion", "dialect", "format", "sample_rate", "speed", "seed", "max_in_flight",
        "split", "assembly", "title", "author", "pause", "webhook", "webhook_events"];

    /// <exception cref="SpeechException">Names everything that is wrong with the order.</exception>
    /// <exception cref="RequestException">The body as a whole cannot be read.</exception>
    public static async Task<JobOrder> ReadAsync(HttpRequest request, JobIntake intake, JobsOptions options, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw RequestException.MediaType("The body is compressed.", "Send it without Content-Encoding.");
        }

        MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        if (type is null || !Types.TryGetValue(type.MediaType.Value ?? "", out var input))
        {
            throw RequestException.MediaType(
                string.IsNullOrEmpty(request.ContentType)
                    ? "The request says nothing about the type of its body."
                    : $"A body of type {Quoted.Value(request.ContentType)} is not understood.",
                $"Send {Json}, {Lines[0]} with an item on each line, text/plain, text/csv or application/epub+zip, and say so in Content-Type.");
        }

        var defaults = Defaults(request.Query, request.Headers);
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = options.MaxBodyBytes;
        try
        {
            return await intake.ReadAsync(request.Body, input, defaults, cancellationToken);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RequestException(e.StatusCode, new ErrorBody(
                "REQUEST_TOO_LARGE", $"The body is larger than {options.MaxBodyBytes} bytes.", "Send it as several jobs."));
        }
    }

    /// <summary>The job's id for a key of the client's, which may hold anything: the same key is the same job.</summary>
    private static string IdOf(string key) => $"key-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..32]}";

    private static JobDefaults Defaults(IQueryCollection query, IHeaderDictionary headers)
    {
        List<Violation> violations = [];
        void Wrong(string message, string solution) => violations.Add(new Violation(SpeechErrorCodes.RequestInvalid, message, solution));

        foreach ((var name, var values) in query)
        {
            if (!Queries.Contains(name))
            {
                Wrong($"There is no query field {Quoted.Value(name)}.", $"The fields are {string.Join(", ", Queries)}.");
            }
            else if (values.Count > 1)
            {
                Wrong($"{name} is given more than once.", $"Give {name} once.");
            }
        }

        T? Number<T>(string name)
            where T : struct, ISpanParsable<T>
        {
            string? given = query[name];
            if (given is null)
            {
                return null;
            }

            if (T.TryParse(given, CultureInfo.InvariantCulture, out var value))
            {
                return value;
            }

            Wrong($"{name} is {Quoted.Value(given)}, not a number.", $"Give {name} as a number.");
            return null;
        }

        string? id = query["id"];
        if (headers.TryGetValue(KeyHeader, out var key))
        {
            if (key is not [{ Length: > 0 and <= MaxKeyLength } single] || id is not null)
            {
                Wrong($"{KeyHeader} is not one text of 1 to {MaxKeyLength} characters, or id is given as well.", "Give either of them.");
            }
            else
            {
                id = IdOf(single);
            }
        }

        var defaults = new JobDefaults
        {
            Id = id,
            Voice = query["voice"],
            Mode = query["mode"],
            Instruction = query["instruction"],
            Emotion = query["emotion"],
            Dialect = query["dialect"],
            Format = query["format"],
            SampleRate = Number<long>("sample_rate"),
            Speed = Number<double>("speed"),
            Seed = Number<long>("seed"),
            InFlight = Number<long>("max_in_flight"),
            Split = query["split"],
            Assembly = query["assembly"],
            Title = query["title"],
            Author = query["author"],
            Pause = Number<double>("pause"),
            Webhook = query["webhook"],
            WebhookEvents = query["webhook_events"],
            WebhookSecret = headers.TryGetValue(SecretHeader, out var secret) ? secret.ToString() : null,
        };
        return violations.Count == 0 ? defaults : throw SpeechException.Invalid(violations);
    }
}
