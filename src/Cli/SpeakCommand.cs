using System.CommandLine;
using CosyOrleans.Service.Synthesis;

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
            Description = SpeechFile.FileHelp, HelpName = "FILE", DefaultValueFactory = _ => "speech.wav",
        };
        var rate = SpeechDesk.SampleRate();
        var voice = new Option<string?>("--voice", "-v") { Description = "A voice of the model or of the data folder. Default: the model's first.", HelpName = "ID" };
        var mode = new Option<string?>("--mode")
        {
            Description = "sft, zero_shot, cross_lingual or instruct. Default: instruct with --instruction, --emotion or --dialect, otherwise sft.", HelpName = "MODE",
        };
        var instruction = new Option<string?>("--instruction") { Description = $"How to speak, in your own words, or one of {string.Join(", ", SpokenInstruction.Manners)}.", HelpName = "TEXT" };
        var emotion = new Option<string?>("--emotion") { Description = string.Join(", ", SpokenInstruction.Emotions), HelpName = "NAME" };
        var dialect = new Option<string?>("--dialect") { Description = string.Join(", ", SpokenInstruction.Dialects), HelpName = "NAME" };
        var reference = SpeechDesk.Reference();
        var transcript = SpeechDesk.ReferenceTranscript();
        var seed = new Option<long?>("--seed", "-s") { Description = "1 to 100,000,000; same seed, same sound. Default: a random one.", HelpName = "N" };
        var speed = new Option<double>("--speed") { Description = "0.5 to 2.", HelpName = "X", DefaultValueFactory = _ => 1 };
        var stream = new Option<bool>("--stream") { Description = "Write sound while the rest is being made." };
        var asReference = ModelOption.ReferenceText();
        var data = DataOption.Create();
        var model = ModelOption.Model();
        var threads = ModelOption.Threads();
        var device = ModelOption.Device();
        var url = ServerDesk.Url();
        var key = ServerDesk.Key();

        var command = new Command("speak", "Speak a text into a sound file.")
        {
            text, output, rate, voice, mode, instruction, emotion, dialect, reference, transcript, seed, speed, stream, asReference, model, threads, device, data, url, key,
        };
        ServerDesk.Exclude(command, url, asReference, model, threads, device, data);
        command.SetAction(async (result, cancellation) =>
        {
            var words = result.GetValue(text) ?? [];
            return await SpeechDesk.RunAsync(
                async () => new SpeakRequest
                {
                    Text = words.Length > 0 ? string.Join(' ', words) : await Console.In.ReadToEndAsync(cancellation),
                    Mode = result.GetValue(mode),
                    Instruction = result.GetValue(instruction),
                    Emotion = result.GetValue(emotion),
                    Dialect = result.GetValue(dialect),
                    ReferenceAudio = await SpeechDesk.ReadAsync(result.GetValue(reference), cancellation),
                    ReferenceText = result.GetValue(transcript),
                    SpeakerId = result.GetValue(voice),
                    Seed = result.GetValue(seed),
                    Speed = result.GetValue(speed),
                    Streaming = result.GetValue(stream),
                },
                result.GetValue(url) is { Length: > 0 } servers
                    ? new ServerDesk(servers, result.GetValue(key))
                    : new SpeechDesk(result.GetValue(model)!, result.GetValue(threads), result.GetValue(data)!) { Device = result.GetValue(device)!, Reading = ModelOption.Reading(result.GetValue(asReference)) },
                result.GetValue(output)!,
                result.GetValue(rate),
                cancellation);
        });
        return command;
    }
}
