using System.CommandLine;
using CosyOrleans.Service;

namespace CosyOrleans.Cli;

/// <summary>--data DIR.</summary>
internal static class DataOption
{
    public static Option<string> Create() => new("--data")
    {
        Description = "The data folder: jobs, voices, and the processes and database of a local cluster. Default: COSY_DATA, otherwise ~/.cosyorleans.",
        HelpName = "DIR",
        DefaultValueFactory = _ => DataFolder.Default,
    };
}
