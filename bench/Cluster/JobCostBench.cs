using System.Text;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using CosyVoice.Bench;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Bench;

/// <summary>What an item of a job costs besides its sound, for jobs of different sizes.</summary>
internal static class JobCostBench
{
    private const int ItemsMeasured = 10_000; // At least, for each size: small jobs are repeated.

    /// <summary>Over a cluster of one silo.</summary>
    public static async Task RunOnClusterAsync(Arguments arguments, BenchReport report)
    {
        PacedModel.SetPace(TimeSpan.Zero, PacedModel.ShortChunk);
        await using var cluster = await BenchCluster.StartAsync(silos: 1);
        await using var service = await ClusterService.ConnectAsync(cluster, silos: 1);
        await MeasureAsync("cluster", service.Jobs, service.Voices, cluster.Data, arguments, report);
    }

    /// <summary>In this process.</summary>
    public static async Task RunAsync(Arguments arguments, BenchReport report)
    {
        var data = Directory.CreateTempSubdirectory("cosy-jobs-").FullName;
        try
        {
            await using var service = await LocalService.StartAsync(TimeSpan.Zero, PacedModel.ShortChunk);
            using var folder = VoiceFolder.Open(data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
            await using var jobs = new LocalJobs(data, service.Synthesis, TimeProvider.System, NullLoggerFactory.Instance);
            await jobs.StartAsync(goOn: false, CancellationToken.None);
            await MeasureAsync("in process", jobs, new LocalVoices(service.Model, folder), data, arguments, report);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task MeasureAsync(string where, IJobs jobs, IVoices voices, string data, Arguments arguments, BenchReport report)
    {
        var synthesis = new SynthesisOptions();
        var intake = new JobIntake(LocalJobs.OrdersFolder(data), new JobsOptions(), synthesis, voices, TimeProvider.System);
        await RunJobAsync(jobs, intake, ItemsMeasured / 2); // Compiles the code.
        foreach (var items in arguments.Items)
        {
            List<(double Submit, double Complete)> runs = [];
            for (var done = 0; done < Math.Max(ItemsMeasured, items); done += items)
            {
                runs.Add(await RunJobAsync(jobs, intake, items));
            }

            report.Add(new("job, submit", $"{where}, {items:N0} items", Median(runs.Select(run => run.Submit)), "µs/item"));
            report.Add(new("job, complete", $"{where}, {items:N0} items", Median(runs.Select(run => run.Complete)), "µs/item"));
        }
    }

    private static async Task<(double Submit, double Complete)> RunJobAsync(IJobs jobs, JobIntake intake, int items)
    {
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(
            string.Join('\n', Enumerable.Range(1, items).Select(i => $$"""{"text":"item{{i}}","seed":{{1 + i}}}"""))));
        var begin = TimeProvider.System.GetTimestamp();
        using var order = await intake.ReadAsync(content, lines: true, new JobDefaults(), CancellationToken.None);
        var id = (await jobs.SubmitAsync(order, CancellationToken.None)).Job.Header.Id;
        var submitted = TimeProvider.System.GetTimestamp();
        JobCounts? counts = null;
        await foreach (var happened in (await jobs.EventsAsync(id, null, CancellationToken.None))!)
        {
            counts = happened.Job.Counts;
        }

        if (counts?.Done != items)
        {
            throw new InvalidOperationException($"{counts?.Done} of {items} items are done.");
        }

        var completed = TimeProvider.System.GetTimestamp();
        await jobs.DeleteAsync(id, CancellationToken.None);
        return (Microseconds(begin, submitted) / items, Microseconds(submitted, completed) / items);
    }

    private static double Microseconds(long from, long to) => TimeProvider.System.GetElapsedTime(from, to).TotalMicroseconds;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
