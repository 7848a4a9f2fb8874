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
    private const int ItemsATurn = 10_000; // Small jobs are repeated.
    private const int Turns = 20;
    private const int Submissions = 5; // Of a large job.

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

    // All sizes take turns, so that what else the machine does meets each of them.
    private static async Task MeasureAsync(string where, IJobs jobs, IVoices voices, string data, Arguments arguments, BenchReport report)
    {
        var intake = new JobIntake(LocalJobs.OrdersFolder(data), new JobsOptions(), new SynthesisOptions(), voices, TimeProvider.System);
        await (await CostedJob.SubmitAsync(jobs, intake, ItemsATurn)).RunToAsync(ItemsATurn); // Compiles the code.
        var sizes = arguments.Items.Select(items => new SizeCost(jobs, intake, items)).ToList();
        for (var turn = 1; turn <= Turns; turn++)
        {
            foreach (var size in sizes)
            {
                await size.TakeTurnAsync(turn);
            }
        }

        foreach (var size in sizes)
        {
            report.Add(new("job, submit", $"{where}, {size.Items:N0} items", Median(size.Submit), "µs/item"));
            report.Add(new("job, complete", $"{where}, {size.Items:N0} items", Median(size.Complete), "µs/item"));
            report.Add(new(
                "job, complete", $"{where}, {size.Items:N0} items, of {sizes[^1].Items:N0} in the same turn", Median(size.Complete.Zip(sizes[^1].Complete, (a, b) => a / b)), "×"));
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    /// <summary>Jobs of one size: several small ones in a turn, or a part of a large one.</summary>
    private sealed class SizeCost(IJobs jobs, JobIntake intake, int items)
    {
        private CostedJob? _large;

        public int Items => items;

        public List<double> Submit { get; } = [];

        public List<double> Complete { get; } = [];

        public async Task TakeTurnAsync(int turn)
        {
            if (items > ItemsATurn)
            {
                if (turn <= Submissions)
                {
                    var job = await CostedJob.SubmitAsync(jobs, intake, items);
                    Submit.Add(job.Submitting / items);
                    await job.DeleteAsync();
                }

                _large ??= await CostedJob.SubmitAsync(jobs, intake, items);
                Complete.Add(await _large.RunToAsync((int)((long)items * turn / Turns)));
                return;
            }

            List<(double Submit, double Complete)> costs = [];
            for (var done = 0; done < ItemsATurn; done += items)
            {
                var job = await CostedJob.SubmitAsync(jobs, intake, items);
                costs.Add((job.Submitting / items, await job.RunToAsync(items)));
            }

            Submit.Add(Median(costs.Select(cost => cost.Submit)));
            Complete.Add(Median(costs.Select(cost => cost.Complete)));
        }
    }
}
