using System.CommandLine;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Cli;

/// <summary>cosy convert.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "The recording whose words are kept: 0.1 to 30 seconds, WAV, or with ffmpeg installed any other." };
        var output = new Option<string>("--output", "-o")
        {
            Description = SpeechFile.FileHelp, HelpName = "FILE", DefaultValueFactory = _ => "speech.wav",
        };
        var rate = SpeechDesk.SampleRate();
        var voice = new Option<string?>("--voice", "-v") { Description = "A voice made from a recording, of the model or of the data folder.", HelpName = "ID" };
        var reference = SpeechDesk.Reference();
        var seed = new Option<long?>("--seed", "-s") { Description = "1 to 100,000,000; same seed, same sound. Default: a random one.", HelpName = "N" };
        var speed = new Option<double>("--speed") { Description = "0.5 to 2.", HelpName = "X", DefaultValueFactory = _ => 1 };
        var data = DataOption.Create();
        var model = ModelOption.Model();
        var threads = ModelOption.Threads();
        var device = ModelOption.Device();
        var url = ServerDesk.Url();
        var key = ServerDesk.Key();

        var command = new Command("convert", "Have what a recording says said in another voice.") { source, output, rate, voice, reference, seed, speed, model, threads, device, data, url, key };
        ServerDesk.Exclude(command, url, model, threads, device, data);
        command.SetAction((result, cancellation) => SpeechDesk.RunAsync(
            async () => new SpeakRequest
            {
                Mode = SpeakModes.Conversion,
                SourceAudio = await SpeechDesk.ReadAsync(result.GetValue(source), cancellation),
                ReferenceAudio = await SpeechDesk.ReadAsync(result.GetValue(reference), cancellation),
                SpeakerId = result.GetValue(voice),
                Seed = result.GetValue(seed),
                Speed = result.GetValue(speed),
                Streaming = false,
            },
            result.GetValue(url) is { Length: > 0 } servers
                ? new ServerDesk(servers, result.GetValue(key))
                : new SpeechDesk(result.GetValue(model)!, result.GetValue(threads), result.GetValue(data)!) { Device = result.GetValue(device)! },
            result.GetValue(output)!,
            result.GetValue(rate),
            cancellation));
        return command;
    }
}
