using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Silo.Hosting;

/// <summary>
/// When the process is asked to stop: takes no new work and waits for the speeches under way, while the silo still runs.
/// What is not finished in time breaks off, and whoever listens goes on elsewhere.
/// </summary>
internal sealed partial class DeviceDrain(
    Devices devices, SiloSettings settings, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<DeviceDrain> logger) : IHostedService
{
    private Task _drained = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // New work is refused from the first moment on, before the web server has closed.
        lifetime.ApplicationStopping.Register(() => _drained = DrainAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _drained;

    private async Task DrainAsync()
    {
        var running = devices.All.Sum(device => device.Queue.Running);
        LogDraining(running, settings.Silo.DrainSeconds);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(settings.Silo.DrainSeconds), time);
        try
        {
            await devices.DrainAsync(deadline.Token);
            LogDrained();
        }
        catch (OperationCanceledException)
        {
            LogNotDrained(devices.All.Sum(device => device.Queue.Running));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Stopping: takes no new work; {Running} speeches have up to {Seconds} s to end")]
    private partial void LogDraining(int running, double seconds);

    [LoggerMessage(2, LogLevel.Information, "Every speech has ended")]
    private partial void LogDrained();

    [LoggerMessage(3, LogLevel.Warning, "{Running} speeches have not ended in time and break off")]
    private partial void LogNotDrained(int running);
}
