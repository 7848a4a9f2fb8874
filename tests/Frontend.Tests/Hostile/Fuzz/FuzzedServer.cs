using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend.Tests.Hostile.Fuzz;

/// <summary>A server that knows its routes, counts its connections and keeps what it says of its own faults.</summary>
internal sealed class FuzzedServer : CosyServer
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly MeterListener _listener = new();
    private long _connections;

    public FuzzedServer()
    {
        Model.ChunkSamples = 120;
        foreach (var (name, value) in new[]
        {
            ("Logging:LogLevel:Default", "Error"), ("WebSocket:GoodbyeSeconds", "1"), ("WebSocket:TextIdleSeconds", "2"), ("Cache:Megabytes", "1"), ("Jobs:MaxItems", "100"),
        })
        {
            Set(name, value);
        }
    }

    /// <summary>What was logged as an error, which nothing that a client sends may be.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public long Connections => Interlocked.Read(ref _connections);

    public int Port => Client.BaseAddress!.Port;

    /// <summary>Every method and route that is answered.</summary>
    public IReadOnlyList<(string Method, string Route)> Routes() =>
    [
        .. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, $"/{endpoint.RoutePattern.RawText!.Trim('/')}")))
            .Distinct(),
    ];

    public async Task<string> NodeAsync() => (await Services.GetRequiredService<INodes>().ListAsync(default))[0].Name;

    public async Task StartAsync()
    {
        await InitializeAsync();
        Client.DefaultRequestHeaders.ConnectionClose = true;
        var meters = Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "kestrel.active_connections" && instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _connections, change));
        _listener.Start();
    }

    /// <summary>Removes whatever the requests have left, as a user does who tidies up, and tells how much memory is in use then.</summary>
    public async Task<long> TidiedMemoryAsync()
    {
        foreach (var (list, name) in new[] { ("/v1/jobs", "jobs"), ("/v1/audio/voices", "voices") })
        {
            var all = await Client.GetFromJsonAsync<JsonElement>(list);
            foreach (var entry in all.GetProperty(name).EnumerateArray())
            {
                using var _ = await Client.DeleteAsync($"{list}/{Uri.EscapeDataString(entry.GetProperty("id").GetString()!)}");
            }
        }

        await WhenAsync(() => Connections == 0 && Model.Active == 0);
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    public static async Task WhenAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!condition())
        {
            await look.WaitForNextTickAsync(patience.Token);
        }
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureLogging(logging => logging.AddProvider(new FaultLog(_faults)));
    }

    protected override void Dispose(bool disposing)
    {
        _listener.Dispose();
        base.Dispose(disposing);
    }

    private sealed class FaultLog(ConcurrentQueue<string> faults) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel) && faults.Count < 100)
            {
                faults.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
