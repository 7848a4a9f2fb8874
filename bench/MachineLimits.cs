using CosyVoice.Kernels;

namespace CosyVoice.Bench;

/// <summary>What this machine can do at most with a number of threads, and what the kernels reach of it.</summary>
/// <param name="Name">The processor.</param>
/// <param name="PeakGigaflops">Fused multiply-adds in registers, all threads together.</param>
/// <param name="ReadGigabytesPerSecond">Reading a gibibyte, all threads together.</param>
internal sealed record MachineLimits(string Name, int Threads, double PeakGigaflops, double ReadGigabytesPerSecond)
{
    public static MachineLimits Measure(int threads)
    {
        using var workers = new Workers(threads);
        return new(ProcessorName(), threads, FmaPeak.Measure(workers), MemoryRead.Measure(workers));
    }

    /// <summary>Adds the limits, and the kernels' share of them at sizes of the models.</summary>
    public void Report(BenchReport report)
    {
        report.Add(new("machine", $"FMA peak, {VectorWidths.Active}", PeakGigaflops, "GFLOP/s"));
        report.Add(new("machine", "read bandwidth", ReadGigabytesPerSecond, "GB/s"));
        using var workers = new Workers(Threads);
        foreach (var (rows, inputs, outputs) in new[] { (1536, 1536, 1536), (100, 1024, 1024), (100, 256, 1024), (400, 768, 256) })
        {
            var speed = KernelSpeed.Product(workers, rows, inputs, outputs);
            report.Add(new("product", $"[{rows}, {inputs}] x [{inputs}, {outputs}]", speed, "GFLOP/s", speed / PeakGigaflops, "FMA peak"));
        }

        foreach (var (rows, channels, kernel) in new[] { (400, 256, 7), (2000, 128, 7), (6000, 64, 7) })
        {
            var speed = KernelSpeed.Convolution(workers, rows, channels, kernel, dilation: 3);
            report.Add(new("convolution", $"[{rows}, {channels}], kernel {kernel}", speed, "GFLOP/s", speed / PeakGigaflops, "FMA peak"));
        }

        foreach (var (rows, inputs, outputs) in new[] { (1, 896, 896), (1, 896, 4864), (1, 4864, 896), (4, 896, 4864), (8, 896, 4864) })
        {
            var speed = KernelSpeed.StreamedProduct(workers, rows, inputs, outputs);
            report.Add(new("weights read", $"[{outputs}, {inputs}] for {rows} rows", speed, "GB/s", speed / ReadGigabytesPerSecond, "read bandwidth"));
        }

        var prefill = KernelSpeed.StreamedProduct(workers, 100, 896, 4864) * 100 / 2; // two operations for four bytes and row
        report.Add(new("weights read", "[4864, 896] for 100 rows", prefill, "GFLOP/s", prefill / PeakGigaflops, "FMA peak"));
    }

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        var line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? "unknown processor";
    }
}
