using System.CommandLine;
using CosyOrleans.Client;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Cli;

/// <summary>cosy batch.</summary>
internal static class BatchCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A text (.txt), a book (.epub), a table whose first line names fields of items (.csv), or items: .jsonl with an object on each line, .json with a list or an object." };
        var output = new Option<string?>("--output", "-o") { Description = "Folder for the sounds; or a file ending in .m4b, .flac or .wav, which becomes one sound of all, with subtitles beside it (.srt, .vtt). Default: the name of FILE without its ending.", HelpName = "PATH" };
        var voice = new Option<string?>("--voice", "-v") { Description = "Voice of the items that name none. Default: the model's first.", HelpName = "ID" };
        var inFlight = IntegerOption.Create("--in-flight", 1, JobLimits.MaxInFlight, new JobsOptions().InFlight, "Items spoken at the same time, 1 to 1,000. Default: 10.", "-n");
        var split = new Option<string?>("--split") { Description = "What of a text or book becomes one sound: paragraph, line (texts), sentence or chapter (books). Default: paragraph.", HelpName = "UNIT" };
        var title = new Option<string?>("--title") { Description = "Title of the one sound. Default: the book's.", HelpName = "TEXT" };
        var author = new Option<string?>("--author") { Description = "Author of the one sound. Default: the book's.", HelpName = "TEXT" };
        var model = ModelOption.Model();
        var threads = ModelOption.Threads();
        var device = ModelOption.Device();
        var asReference = ModelOption.ReferenceText();
        var data = DataOption.Create();
        var url = ServerDesk.Url();
        var key = ServerDesk.Key();

        var command = new Command("batch", "Speak a file of texts into a folder; run again, it goes on where it stopped.")
        {
            file, output, voice, split, title, author, inFlight, asReference, model, threads, device, data, url, key,
        };
        ServerDesk.Exclude(command, url, asReference, model, threads, device, data);
        command.SetAction(async (result, cancellation) =>
        {
            var path = result.GetValue(file)!;
            var target = result.GetValue(output) ?? Path.GetFileNameWithoutExtension(path);
            var defaults = new JobDefaults
            {
                Split = result.GetValue(split), Title = result.GetValue(title), Author = result.GetValue(author), Assembly = Assembly(target),
            };
            if (result.GetValue(url) is { Length: > 0 } servers)
            {
                return await RunAsync(() => AtServerAsync(path, target, servers, result.GetValue(key), defaults with { Voice = result.GetValue(voice), InFlight = result.GetValue(inFlight) }, cancellation));
            }

            var batch = new Batch(path, target, Console.Error)
            {
                Voice = result.GetValue(voice),
                Defaults = defaults,
                InFlight = result.GetValue(inFlight),
                Model = result.GetValue(model)!,
                Threads = result.GetValue(threads),
                Device = result.GetValue(device)!,
                Data = result.GetValue(data)!,
                Reading = ModelOption.Reading(result.GetValue(asReference)),
            };
            return await RunAsync(() => batch.RunAsync(cancellation));
        });
        return command;
    }

    private static string? Assembly(string target) => Path.GetExtension(target).ToLowerInvariant() is ['.', .. ("m4b" or "flac" or "wav") and var format] ? format : null;

    private static async Task<int> AtServerAsync(
        string path, string target, string[] servers, string? key, JobDefaults defaults, CancellationToken cancellation)
    {
        using var client = new JobsClient(ServerDesk.Options(servers, key));
        return await new ServerBatch(path, target, client, Console.Error) { Defaults = defaults }.RunAsync(cancellation);
    }

    private static async Task<int> RunAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (SpeechClientException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (ArgumentException error)
        {
            await Console.Error.WriteLineAsync($"error SERVER_INVALID: {error.Message}");
            return 1;
        }
        catch (SpeechException error)
        {
            await Console.Error.WriteLineAsync($"error {error.Code}: {error.Message} {error.Solution}");
            return 1;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"error FILE_NOT_USABLE: {error.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("stopped; run the same command again to go on.");
            return 130;
        }
    }
}
