namespace CosyOrleans.Service.Nodes;

/// <summary>All devices of this process.</summary>
public sealed class Devices : IDisposable
{
    private readonly Dictionary<string, DeviceHost> _byName;

    /// <exception cref="ArgumentException">There is none, or two have the same name.</exception>
    public Devices(IEnumerable<DeviceHost> devices)
    {
        All = [.. devices];
        if (All.Count == 0)
        {
            throw new ArgumentException("There is no device; at least one is needed.", nameof(devices));
        }

        _byName = All.ToDictionary(device => device.Name, StringComparer.Ordinal);
    }

    /// <summary>At least one, in the order in which they were given.</summary>
    public IReadOnlyList<DeviceHost> All { get; }

    /// <summary>The device of that name; null where this process has none.</summary>
    public DeviceHost? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Loads every model and lets it speak, all at the same time; completes when the last has spoken.</summary>
    /// <exception cref="Errors.SpeechException">A model cannot be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(device => device.Model.StartAsync(cancellationToken)));

    /// <summary>Takes no new work on any device, or takes it again.</summary>
    public void SetDraining(bool draining)
    {
        foreach (var device in All)
        {
            device.SetDraining(draining);
        }
    }

    /// <summary>Takes no new work on any device for good; completes when nothing is under way.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(device => device.DrainAsync(cancellationToken)));

    public void Dispose()
    {
        foreach (var device in All)
        {
            device.Dispose();
        }
    }
}
