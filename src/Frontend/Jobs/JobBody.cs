using System.Globalization;
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

    private static readonly string[] Queries = ["id", "voice", "mode", "instruction", "emotion", "dialect", "format", "sample_rate", "speed", "seed", "max_in_flight"];

    /// <exception cref="SpeechException">Names everything that is wrong with the order.</exception>
    /// <exception cref="RequestException">The body as a whole cannot be read.</exception>
    public static async Task<JobOrder> ReadAsync(HttpRequest request, JobIntake intake, JobsOptions options, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            throw RequestException.MediaType("The body is compressed.", "Send it without Content-Encoding.");
        }

        MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var lines = type is not null && Lines.Any(name => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (!lines && type?.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase) != true)
        {
            throw RequestException.MediaType(
                string.IsNullOrEmpty(request.ContentType)
                    ? "The request says nothing about the type of its body."
                    : $"A body of type {Quoted.Value(request.ContentType)} is not understood.",
                $"Send {Json}, or {Lines[0]} with an item on each line, and say so in Content-Type.");
        }

        var defaults = Defaults(request.Query);
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = options.MaxBodyBytes;
        try
        {
            return await intake.ReadAsync(request.Body, lines, defaults, cancellationToken);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RequestException(e.StatusCode, new ErrorBody(
                "REQUEST_TOO_LARGE", $"The body is larger than {options.MaxBodyBytes} bytes.", "Send it as several jobs."));
        }
    }

    private static JobDefaults Defaults(IQueryCollection query)
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

        var defaults = new JobDefaults
        {
            Id = query["id"],
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
        };
        return violations.Count == 0 ? defaults : throw SpeechException.Invalid(violations);
    }
}
