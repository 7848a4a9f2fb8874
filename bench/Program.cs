using System.Diagnostics;
using CosyVoice.Bench;
using CosyVoice.Engine;

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
var machine = MachineLimits.Measure(arguments.Threads);
Console.WriteLine($"{machine.Name}, {arguments.Threads} threads, .NET {Environment.Version}");
machine.Report(report);

var folder = arguments.Model ?? Path.Combine(Repository.Root, $"artifacts/bench/cosyvoice{arguments.Generation}-0.5b");
if (arguments.Model == null)
{
    SyntheticModel.Ensure(folder, Repository.Root, arguments.Generation);
}

var start = Stopwatch.GetTimestamp();
var parts = ModelLoader.Load(folder, new ProcessorBackend(arguments.Threads));
using var model = new SpeechModel(parts);
report.Add(new("load", "", Stopwatch.GetElapsedTime(start).TotalSeconds, "s"));
StageBench.Run(parts, arguments, report);
EndToEnd(streaming: false, "offline");
EndToEnd(streaming: true, "streaming");
report.Add(new("memory", "peak, mapped weights included", Process.GetCurrentProcess().PeakWorkingSet64 / 1e9, "GB"));
if (arguments.Json != null)
{
    report.WriteJson(arguments.Json, machine.Name);
}

return 0;

void EndToEnd(bool streaming, string name)
{
    const int textIds = 12; // At most 240 speech tokens, 9.6 s.
    var result = EndToEndBench.Measure(model, streaming, textIds, arguments.Runs);
    report.Add(new("end to end", $"{name}, {result.Audio:0.0} s of audio", result.RealTimeFactor, "s/s"));
    report.Add(new("end to end", $"{name}, first packet", result.FirstPacket, "s"));
}
