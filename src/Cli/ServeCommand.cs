using System.CommandLine;
using CosyOrleans.Frontend;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Text;

namespace CosyOrleans.Cli;

/// <summary>cosy serve.</summary>
internal static class ServeCommand
{
    /// <summary>Where --connection is read from when it is not given: other users of the machine can see arguments.</summary>
    public const string ConnectionVariable = "Frontend__ConnectionString";

    public static Command Create()
    {
        var model = ModelOption.Model();
        var threads = ModelOption.Threads();
        var device = ModelOption.Device();
        var urls = new Option<string?>("--urls") { Description = "Addresses to listen on, separated by ';'.", HelpName = "URLS" };
        var port = IntegerOption.Create("--port", 1, 65535, 8080, "Port on 127.0.0.1, 1 to 65535.", "-p");
        var data = DataOption.Create();
        var remote = new Option<bool>("--allow-remote") { Description = "Allow --urls that other machines can reach. Everybody has to show a key then; see cosy keys." };
        var keys = new Option<bool>("--require-keys") { Description = "Ask for keys also where only this machine can reach the server." };
        var cluster = new Option<bool>("--cluster") { Description = "Speak with the silos of a cluster, not with a model of its own." };
        var connection = new Option<string?>("--connection")
        {
            Description = $"The database of the cluster. Default: the environment variable {ConnectionVariable}.", HelpName = "STRING",
        };
        var asReference = ModelOption.ReferenceText();
        var settings = new Argument<string[]>("SETTING")
        {
            Description = "More settings by name, such as -- --Synthesis:MaxRunning=4.", Arity = ArgumentArity.ZeroOrMore,
        };

        var command = new Command("serve", "Speak over HTTP; a page is at the root.") { model, port, urls, threads, device, data, remote, keys, cluster, connection, asReference, settings };
        command.Validators.Add(result =>
        {
            if (result.GetValue(asReference) && result.GetValue(cluster))
            {
                result.AddError("--reference-text is for a server with its own model; start the silos of a cluster with --Synthesis:Reading=Reference instead.");
            }
        });
        command.SetAction((result, _) => FrontendHost.RunAsync(Settings(result.GetValue(settings), result.GetValue(asReference)), options =>
        {
            options.Model = result.GetValue(model)!;
            options.Threads = result.GetValue(threads);
            options.Device = result.GetValue(device)!;
            options.Cluster = result.GetValue(cluster);
            options.ConnectionString = result.GetValue(connection) ?? options.ConnectionString;
            options.Data = result.GetValue(data)!;
            options.AllowRemote = result.GetValue(remote);
            options.RequireKeys = result.GetValue(keys);
            options.Urls = result.GetValue(urls) ?? $"http://127.0.0.1:{result.GetValue(port)}";
        }));
        return command;
    }

    private static string[] Settings(string[]? given, bool asReference) =>
        [.. given ?? [], .. asReference ? [$"--Synthesis:{nameof(SynthesisOptions.Reading)}={TextReading.Reference}"] : Array.Empty<string>()];
}
