using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Nodes;

/// <summary>How devices other than the processor are used.</summary>
public sealed class DeviceOptions
{
    /// <summary>The type in which language model and flow are held and computed: Float32 (default), BFloat16 or Float16.</summary>
    public DevicePrecision Precision { get; set; }

    /// <summary>Speeches that share one step of the language model; whatever is spoken, so many rows are computed. 1 to 256, default 16.</summary>
    [Range(1, 256)]
    public int DecodeRows { get; set; } = 16;

    /// <summary>Chunks of speech that share one call of the flow or the vocoder; so many are computed in any case. 1 to 64, default 4.</summary>
    [Range(1, 64)]
    public int ChunkRows { get; set; } = 4;

    /// <summary>Positions that the KV caches of a device hold together; a speech takes about 30 for each second. 1,024 to 16,777,216, default 65,536.</summary>
    [Range(1024, 16_777_216)]
    public int CachePositions { get; set; } = 65_536;

    /// <summary>
    /// Gigabytes (10^9 bytes) of each device that weights and KV caches may take together: the caches are made smaller to fit, and a
    /// model that leaves too little for them is not loaded. 0.01 to 10,000; null (default): no limit.
    /// </summary>
    [Range(0.01, 10_000)]
    public double? MemoryGigabytes { get; set; }
}

public enum DevicePrecision
{
    Float32,
    BFloat16,
    Float16,
}
