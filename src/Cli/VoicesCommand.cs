using System.CommandLine;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Cli;

/// <summary>cosy voices.</summary>
internal static class VoicesCommand
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var model = ModelOption.Model();
        var url = new Option<string?>("--url") { Description = "A running server to ask, such as http://127.0.0.1:8080, instead of the data folder.", HelpName = "URL" };
        var voice = new Argument<string>("ID") { Description = "A voice of the catalogue." };
        var file = new Argument<string>("FILE") { Description = "spk2info.pt, or a .safetensors file of one voice, such as export writes." };
        var choice = new Option<string?>("--voice", "-v") { Description = "Which voice of the file, by the id that it has there. Default: all.", HelpName = "ID" };
        var id = new Option<string?>("--id") { Description = "The id of the one voice. Default: what the file says, or its name without the ending.", HelpName = "ID" };
        var recording = new Argument<string>("RECORDING") { Description = "1 to 30 seconds of one person speaking, best 3 to 15, at 16 kHz or more: WAV, or with ffmpeg installed any other." };
        var text = new Option<string?>("--text", "-t") { Description = "What is said in the recording, word for word. Without it the voice is less alike.", HelpName = "TEXT" };
        var name = new Option<string?>("--name") { Description = "What people read.", HelpName = "NAME" };
        var next = new Argument<string>("NEW-ID") { Description = "Its new id, which no voice has." };
        var output = new Option<string?>("--output", "-o") { Description = "The file. Default: ID.safetensors.", HelpName = "FILE" };
        var newId = new Option<string?>("--id") { Description = "The id of the voice. Default: the name of the file without the ending.", HelpName = "ID" };
        var owner = new Option<string?>("--owner") { Description = "Whose voice this is in the catalogue.", HelpName = "NAME" };
        var consent = new Option<string?>("--consent") { Description = "The words in which the person whose voice this is agreed to its use.", HelpName = "TEXT" };

        return new Command("voices", "The catalogue of voices.")
        {
            Sub("list", "The voices of the catalogue.", result => catalogue => catalogue.ListAsync),
            Sub("import", "Add the voices of a file, each as the next version of its id.", result => catalogue =>
                cancellation => ImportAsync(catalogue, result.GetValue(file)!, new(result.GetValue(choice), result.GetValue(id)), cancellation), file, choice, id),
            Sub("add", "Make a voice from a recording, as the next version of its id.", result => catalogue => cancellation => AddAsync(
                catalogue, result.GetValue(recording)!, result.GetValue(newId), result.GetValue(text), result.GetValue(owner), result.GetValue(consent), cancellation),
                recording, text, newId, owner, consent),
            Sub("show", "All that is known of a voice.", result => catalogue => cancellation => catalogue.ShowAsync(result.GetValue(voice)!, cancellation), voice),
            Sub("update", "Say other things about a voice, as its next version; an empty owner or consent removes it.", result => catalogue =>
                cancellation => catalogue.UpdateAsync(
                    result.GetValue(voice)!,
                    new VoiceChange { Name = result.GetValue(name), Owner = result.GetValue(owner), Consent = result.GetValue(consent) },
                    cancellation),
                voice, name, owner, consent),
            Sub("rename", "Give a voice another id. Its newest version goes there; the old id is deleted with every version.", result => catalogue =>
                cancellation => catalogue.UpdateAsync(result.GetValue(voice)!, new VoiceChange { Id = result.GetValue(next) }, cancellation), voice, next),
            Sub("export", "Write a voice with all that belongs to it into one file, which import takes.", result => catalogue =>
                cancellation => ExportAsync(catalogue, result.GetValue(voice)!, result.GetValue(output), cancellation), voice, output),
            Sub("delete", "Remove every version of a voice.", result => catalogue =>
                cancellation => catalogue.DeleteAsync(result.GetValue(voice)!, cancellation), voice),
        };

        Command Sub(string name, string description, Func<ParseResult, Func<IVoiceDesk, Func<CancellationToken, Task>>> act, params Symbol[] symbols)
        {
            var command = new Command(name, description) { data, model, url };
            foreach (var symbol in symbols)
            {
                if (symbol is Argument argument)
                {
                    command.Arguments.Add(argument);
                }
                else
                {
                    command.Options.Add((Option)symbol);
                }
            }

            command.SetAction((result, cancellation) => RunAsync(
                () => result.GetValue(url) is { } server ? new ServerVoices(server, Console.Out) : new FolderVoices(result.GetValue(data)!, result.GetValue(model)!, Console.Out),
                desk => act(result)(desk)(cancellation)));
            return command;
        }
    }

    private static async Task ImportAsync(IVoiceDesk desk, string path, VoiceChoice choice, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        VoiceFile.CheckSize(name, new FileInfo(path).Length); // Before it is read.
        await desk.ImportAsync(name, await File.ReadAllBytesAsync(path, cancellationToken), choice, cancellationToken);
    }

    private static async Task ExportAsync(IVoiceDesk desk, string id, string? path, CancellationToken cancellationToken)
    {
        var content = await desk.ExportAsync(id, cancellationToken);
        path ??= id + ExportedVoice.Extension;
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        await Console.Out.WriteLineAsync(VoiceLine.Exported(id, path));
    }

    private static async Task AddAsync(
        IVoiceDesk desk, string path, string? id, string? text, string? owner, string? consent, CancellationToken cancellationToken)
    {
        var length = new FileInfo(path).Length; // Before it is read.
        if (length is 0 or > RecordedVoice.MaxBytes)
        {
            throw SpeechException.Invalid([new Violation(
                SpeechErrorCodes.RecordingInvalid, $"The recording has {length} bytes; 1 to {RecordedVoice.MaxBytes} are taken.", "Give a shorter recording.")]);
        }

        var name = id ?? Path.GetFileNameWithoutExtension(path);
        var described = new VoiceProfile
        {
            Id = name, Name = name, Owner = owner, Transcript = text, Consent = consent, ModelKind = VoiceProfile.DefaultModelKind,
            Content = new Speaker { Id = name, Embedding = [] },
        };
        await desk.AddAsync(Path.GetFileName(path), await File.ReadAllBytesAsync(path, cancellationToken), described, cancellationToken);
    }

    private static async Task<int> RunAsync(Func<IVoiceDesk> open, Func<IVoiceDesk, Task> act)
    {
        try
        {
            using var desk = open();
            await act(desk);
            return 0;
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped.");
            return 130;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error FILE_NOT_USABLE: {error.Message} Give another file.");
            return 1;
        }
    }
}
