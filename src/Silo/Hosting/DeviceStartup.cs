using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Silo.Hosting;

/// <summary>Loads the models once the silo runs; a model that cannot be used ends the process.</summary>
internal sealed class DeviceStartup(Devices devices, IHostApplicationLifetime lifetime) : BackgroundService
{
    private SpeechException? _failure;

    /// <exception cref="SpeechException">Why the process had to stop.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await devices.StartAsync(stoppingToken);
        }
        catch (SpeechException e)
        {
            _failure = e;
            lifetime.StopApplication();
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while the models were being read.
        }
    }
}
