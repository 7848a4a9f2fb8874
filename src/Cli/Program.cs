using System.CommandLine;
using CosyOrleans.Cli;
using CosyOrleans.Cli.Cluster;

var root = new RootCommand("CosyOrleans: text to speech with CosyVoice models.");
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(SpeakCommand.Create());
root.Subcommands.Add(ConvertCommand.Create());
root.Subcommands.Add(BatchCommand.Create());
root.Subcommands.Add(VoicesCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
if (!OperatingSystem.IsWindows())
{
    root.Subcommands.Add(ClusterCommand.Create());
}

return await root.Parse(args).InvokeAsync();
