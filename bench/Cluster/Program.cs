using CosyOrleans.Bench;
using CosyOrleans.Silo;
using CosyVoice.Bench;

// The clusters that are measured start this program again as their silo.
if (Environment.GetEnvironmentVariable("Silo__ConnectionString") is { } connection)
{
    return args is ["init", ..]
        ? await SiloHost.InitializeAsync(connection, Console.Out, Console.Error)
        : await SiloHost.RunAsync(args, setup => setup.Load = _ => PacedModel.FromEnvironment());
}

if (args is ["--help" or "-h"])
{
    Console.WriteLine(Arguments.Usage);
    return 0;
}

Arguments arguments;
try
{
    arguments = Arguments.Parse(args);
}
catch (FormatException error)
{
    Console.Error.WriteLine($"{error.Message}\n{Arguments.Usage}");
    return 2;
}

var report = new BenchReport(Console.Out);
var machine = $"{Environment.ProcessorCount} processors";
foreach (var part in arguments.Parts)
{
    await (part switch
    {
        "overhead" => OverheadBench.RunAsync(arguments, report),
        "scaling" => ScalingBench.RunAsync(report),
        "jobs" => JobCostBench.RunAsync(arguments, report),
        "clusterjobs" => JobCostBench.RunOnClusterAsync(arguments, report),
        "jobfaults" => JobFaultBench.RunAsync(report),
        _ => FaultBench.RunAsync(arguments, report),
    });
}

if (arguments.Json is not null)
{
    report.WriteJson(arguments.Json, machine);
}

return 0;
