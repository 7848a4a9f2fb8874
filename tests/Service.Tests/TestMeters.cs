using System.Diagnostics.Metrics;

namespace CosyOrleans.Service.Tests;

internal sealed class TestMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options.Name, options.Version, options.Tags, scope: this);

    public void Dispose()
    {
    }
}
