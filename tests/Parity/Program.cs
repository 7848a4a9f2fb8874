using CosyOrleans.Service.Nodes;
using CosyVoice.Parity;

const string usage = "usage: cosy parity DIR [--device NAME]";
var (path, device) = args switch
{
    [var only] => (only, ComputeDevices.Processor),
    [var folder, "--device", var name] => (folder, name),
    _ => ("", ""),
};
var problem = device.Length == 0 ? usage
    : !Directory.Exists(path) ? $"There is no folder '{path}'. Give a folder that holds a fixture set: one sub-folder per stage, each with a manifest.json."
    : ComputeDevices.WhyNot(device);
if (problem != null)
{
    Console.Error.WriteLine(problem);
    return 2;
}

var report = new ParityReport(Console.Out);
ParitySet.Run(path, () => ComputeDevices.Open(device, Environment.ProcessorCount, new() { ChunkRows = 1 }), report);
Console.WriteLine($"{report.Passed} passed, {report.Failed} failed");
return report.Failed == 0 && report.Passed > 0 ? 0 : 1;
