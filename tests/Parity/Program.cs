using CosyVoice.Engine;
using CosyVoice.Parity;

if (args is not [var path] || !Directory.Exists(path))
{
    Console.Error.WriteLine(args is [var given]
        ? $"There is no folder '{given}'. Give a folder that holds a fixture set: one sub-folder per stage, each with a manifest.json."
        : "usage: cosy parity DIR");
    return 2;
}

var report = new ParityReport(Console.Out);
ParitySet.Run(path, () => new ProcessorBackend(Environment.ProcessorCount), report);
Console.WriteLine($"{report.Passed} passed, {report.Failed} failed");
return report.Failed == 0 && report.Passed > 0 ? 0 : 1;
