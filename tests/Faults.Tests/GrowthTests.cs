using System.Globalization;
using CosyOrleans.Tests;
using Xunit.Abstractions;

namespace CosyOrleans.Faults.Tests;

/// <summary>A cluster that becomes larger while it has more to do than it can.</summary>
public sealed class GrowthTests(ITestOutputHelper output)
{
    [PostgresFact]
    public async Task Silo_AddedUnderLoad_TakesWorkAtOnce()
    {
        await using var cluster = await FaultCluster.StartAsync(silos: 1);
        await Audience.SpeakOnWhileAsync(cluster, async () =>
        {
            await cluster.AddSiloAsync();

            var (added, ready) = (cluster.Silos[^1], TimeProvider.System.GetTimestamp());
            await SpeechFaultTests.RequireWorkAsync(cluster, added);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{added} had work {TimeProvider.System.GetElapsedTime(ready).TotalSeconds:0.0} s after it was ready"));
        });
    }
}
