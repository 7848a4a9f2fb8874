using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CosyOrleans.Frontend.Hosting;

/// <summary>Loads the model while the server already listens; a model that cannot be used ends the process.</summary>
internal sealed partial class ModelStartup(
    DeviceHost device, IServer server, IHostApplicationLifetime lifetime, ILogger<ModelStartup> logger) : BackgroundService
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
        var listening = new TaskCompletionSource();
        await using var started = lifetime.ApplicationStarted.Register(() => listening.SetResult());
        await listening.Task.WaitAsync(stoppingToken);
        LogListening(string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []));
        try
        {
            await device.Model.StartAsync(stoppingToken);
        }
        catch (SpeechException e)
        {
            _failure = e;
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Listening on {Addresses}; the model is being loaded")]
    private partial void LogListening(string addresses);
}
