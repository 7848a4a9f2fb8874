using Orleans.Concurrency;

namespace CosyOrleans.Grains.Workers;

/// <summary>A silo and the workers on it; the key is the silo's name.</summary>
[Alias("cosy.INodeGrain")]
public interface INodeGrain : IGrainWithStringKey
{
    /// <summary>How every worker of the silo is doing.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:02"), Alias("GetReport")]
    ValueTask<NodeReport> GetReport();

    /// <summary>Its workers take no new work, or take it again.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:02"), Alias("SetDraining")]
    ValueTask SetDraining(bool draining);
}
