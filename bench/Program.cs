using System.Diagnostics;
using CosyOrleans.Service.Nodes;
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

const int TextIds = 12; // At most 240 speech tokens, 9.6 s.
var report = new BenchReport(Console.Out);
var machine = MachineLimits.Measure(arguments.Threads);
Console.WriteLine($"{machine.Name}, {arguments.Threads} threads, .NET {Environment.Version}; {arguments.Device} {arguments.DeviceOptions.Precision}");
machine.Report(report);

var folder = arguments.Model ?? Path.Combine(Repository.Root, $"artifacts/bench/cosyvoice{arguments.Generation}-0.5b");
if (arguments.Model == null)
{
    SyntheticModel.Ensure(folder, Repository.Root, arguments.Generation);
}

var start = Stopwatch.GetTimestamp();
var parts = ModelLoader.Load(folder, ComputeDevices.Open(arguments.Device, arguments.Threads, arguments.DeviceOptions));
using var model = new SpeechModel(parts);
report.Add(new("load", "", Stopwatch.GetElapsedTime(start).TotalSeconds, "s"));
StageBench.Run(parts, arguments, report);
EndToEnd(streaming: false, "offline");
EndToEnd(streaming: true, "streaming");
foreach (var streams in arguments.Streams)
{
    var result = await StreamsBench.MeasureAsync(model, streams, TextIds);
    report.Add(new("streams", $"{streams} at the same time, first packet, 95 % within", result.FirstPacket, "s"));
    report.Add(new("streams", $"{streams} at the same time, audio per second", result.Rate, "s/s"));
    report.Add(new("streams", $"{streams} at the same time, without a gap", 100 * result.Continuity, "%"));
}

report.Add(new("memory", "peak, mapped weights included", Process.GetCurrentProcess().PeakWorkingSet64 / 1e9, "GB"));
if (arguments.Json != null)
{
    report.WriteJson(arguments.Json, machine.Name);
}

return 0;

void EndToEnd(bool streaming, string name)
{
    var result = EndToEndBench.Measure(model, streaming, TextIds, arguments.Runs);
    report.Add(new("end to end", $"{name}, {result.Audio:0.0} s of audio", result.RealTimeFactor, "s/s"));
    report.Add(new("end to end", $"{name}, first packet", result.FirstPacket, "s"));
}
