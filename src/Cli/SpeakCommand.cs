using System.CommandLine;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Cli;

/// <summary>cosy speak.</summary>
internal static class SpeakCommand
{
    public static Command Create()
    {
        var text = new Argument<string[]>("TEXT") { Description = "What to say; standard input when left out.", Arity = ArgumentArity.ZeroOrMore };
        text.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
            {
                result.AddError($"'{token.Value}' is not an option of speak; put the text in quotes to have it spoken.");
            }
        });
        var output = new Option<string>("--output", "-o")
        {
            Description = "The WAV file; - for standard output.", HelpName = "FILE", DefaultValueFactory = _ => "speech.wav",
        };
        var voice = new Option<string?>("--voice", "-v") { Description = "A voice of the model. Default: its first.", HelpName = "ID" };
        var seed = new Option<long?>("--seed", "-s") { Description = "1 to 100,000,000; same seed, same sound. Default: a random one.", HelpName = "N" };
        var speed = new Option<double>("--speed") { Description = "0.5 to 2.", HelpName = "X", DefaultValueFactory = _ => 1 };
        var stream = new Option<bool>("--stream") { Description = "Write sound while the rest is being made." };
        var model = ModelOption.Model();
        var threads = ModelOption.Threads();

        var command = new Command("speak", "Speak a text into a WAV file.") { text, output, voice, seed, speed, stream, model, threads };
        command.SetAction(async (result, cancellation) =>
        {
            var words = result.GetValue(text) ?? [];
            var request = new SpeakRequest
            {
                Text = words.Length > 0 ? string.Join(' ', words) : await Console.In.ReadToEndAsync(cancellation),
                SpeakerId = result.GetValue(voice),
                Seed = result.GetValue(seed),
                Speed = result.GetValue(speed),
                Streaming = result.GetValue(stream),
            };
            return await RunAsync(request, result.GetValue(model)!, result.GetValue(threads), result.GetValue(output)!, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(SpeakRequest request, string folder, int threads, string path, CancellationToken cancellation)
    {
        try
        {
            using var model = Load(folder, threads);
            var order = SpeakOrder.From(request, model, null, new SynthesisOptions());
            var file = new SpeechFile(path, model.SampleRate);
            await file.WriteAsync(model.SpeakAsync(order.Input, cancellation), cancellation);
            await Console.Error.WriteLineAsync($"{file.Seconds:0.0} s of speech in {path}, voice {order.Details.VoiceId}, seed {order.Details.Seed}");
            return 0;
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error FILE_NOT_WRITTEN: {error.Message} Give another file with -o.");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped; nothing was written.");
            return 130;
        }
    }

    private static EngineModel Load(string folder, int threads)
    {
        try
        {
            return EngineModel.Load(folder, threads, maxConcurrent: 1);
        }
        catch (ModelLoadException error)
        {
            throw LocalModel.Unusable(error);
        }
    }
}
