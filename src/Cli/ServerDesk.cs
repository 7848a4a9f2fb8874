using System.CommandLine;
using CosyOrleans.Client;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Cli;

/// <summary>Has running servers speak; when one is lost, the next goes on.</summary>
internal sealed class ServerDesk(IReadOnlyList<string> servers, string? key) : ISpeechDesk
{
    // Somebody who asks at a terminal waits for a processor, too.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(2);

    public static Option<string[]> Url() => new("--url")
    {
        Description = "A running server to ask, such as http://127.0.0.1:8080, instead of a model. Given more than once, others go on when one is lost.",
        HelpName = "URL",
    };

    /// <summary>Options that mean nothing to a server are refused beside its address.</summary>
    public static void Exclude(Command command, Option<string[]> url, params Option[] others) => command.Validators.Add(result =>
    {
        foreach (var other in others.Where(other => result.GetResult(url) is { Implicit: false } && result.GetResult(other) is { Implicit: false }))
        {
            result.AddError($"{other.Name} is for speaking in this process, and --url asks a server; leave one of them out.");
        }
    });

    public static Option<string?> Key() => new("--key") { Description = "The key of the server. Default: the environment variable COSY_KEY.", HelpName = "KEY" };

    public async Task SpeakAsync(SpeakRequest request, SpeechFile file, string path, CancellationToken cancellation)
    {
        try
        {
            using var client = new SpeechClient(Options(servers, key));
            await using var speech = await client.SpeakAsync(Ask(request), cancellation);
            foreach (var warning in speech.Warnings)
            {
                await Console.Error.WriteLineAsync($"warning: {warning}");
            }

            await file.WriteAsync(speech.ReadAsync(cancellation), speech.SampleRate, cancellation);
            await Console.Error.WriteLineAsync($"{file.Seconds:0.0} s of speech in {path}, voice {speech.Voice}, seed {speech.Seed}");
        }
        catch (SpeechClientException e)
        {
            throw new SpeechException(SpeechErrorKind.Internal, e.Code, e.Message, e.Solution, e);
        }
        catch (ArgumentException e)
        {
            throw new SpeechException(SpeechErrorKind.Invalid, SpeechErrorCodes.RequestInvalid, e.Message, "Give --url an address such as http://127.0.0.1:8080.", e);
        }
    }

    private static SpeechRequest Ask(SpeakRequest request) => new()
    {
        Text = request.Text,
        Voice = request.SpeakerId,
        Mode = request.Mode,
        Seed = request.Seed,
        Speed = request.Speed,
        Instruction = request.Instruction,
        Emotion = request.Emotion,
        Dialect = request.Dialect,
        ReferenceAudio = request.ReferenceAudio is { } reference ? Convert.FromBase64String(reference) : null,
        ReferenceText = request.ReferenceText,
        SourceAudio = request.SourceAudio is { } source ? Convert.FromBase64String(source) : null,
    };

    /// <summary>How patiently servers are asked.</summary>
    public static SpeechClientOptions Options(IReadOnlyList<string> servers, string? key) => new()
    {
        Servers = [.. servers.Select(server => new Uri(server, UriKind.RelativeOrAbsolute))],
        ApiKey = key ?? Environment.GetEnvironmentVariable("COSY_KEY"),
        DnsLimit = Connecting,
        ConnectLimit = Connecting,
        TlsLimit = Connecting,
        FirstPacketLimit = Patience,
        GapLimit = Patience,
    };
}
