using System.CommandLine;
using CosyOrleans.Cli;

var root = new RootCommand("CosyOrleans: text to speech with CosyVoice models.");
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(SpeakCommand.Create());
root.Subcommands.Add(BatchCommand.Create());
return await root.Parse(args).InvokeAsync();
