using CosyOrleans.Grains.Voices;
using CosyOrleans.Grains.Workers;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Routing;

/// <summary>Keeps the directory's view of one silo's workers fresh for as long as the silo can be reached.</summary>
internal sealed partial class NodeWatch(string silo, IGrainFactory grains, WorkerDirectory directory, TimeProvider time, ILogger logger)
{
    /// <summary>How often load is asked for.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Without an answer for so long its workers get nothing new; less would take a pause for a death.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, Worker> _workers = [];

    /// <summary>Watches until <paramref name="lost"/> is cancelled; then its workers are gone from the directory.</summary>
    public async Task RunAsync(CancellationToken lost)
    {
        var node = grains.GetGrain<INodeGrain>(silo);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await AskAsync(node, lost);
            }
            while (await timer.WaitForNextTickAsync(lost));
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // The silo is gone, or nobody watches any more.
        }
        finally
        {
            foreach (var worker in _workers.Values)
            {
                directory.Remove(worker);
            }
        }
    }

    private async Task AskAsync(INodeGrain node, CancellationToken lost)
    {
        try
        {
            var report = await node.GetReport().AsTask().WaitAsync(Patience, time, lost);
            foreach (var status in report.Workers)
            {
                Seat(status, lost).Report(status);
            }
        }
        catch (Exception e) when (!lost.IsCancellationRequested)
        {
            LogSilent(silo, e.Message);
            foreach (var worker in _workers.Values)
            {
                worker.Suspect();
            }
        }
    }

    private Worker Seat(WorkerStatus status, CancellationToken lost)
    {
        if (!_workers.TryGetValue(status.Key, out var worker))
        {
            worker = new Worker(status.Key, grains.GetGrain<IGpuWorkerGrain>(status.Key), lost)
            {
                Voices = grains.GetGrain<IVoiceReaderGrain>(status.Key),
            };
            _workers.Add(status.Key, worker);
            worker.Report(status);
            directory.Add(worker);
        }

        return worker;
    }

    [LoggerMessage(1, LogLevel.Warning, "Silo {Silo} does not say how it is doing: {Reason}")]
    private partial void LogSilent(string silo, string reason);
}
