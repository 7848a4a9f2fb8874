namespace CosyVoice.Torch;

/// <summary>How a device is used.</summary>
public sealed record TorchOptions
{
    public required TorchDevice Device { get; init; }

    /// <summary>Default fp32, in which results are the reference's within its tolerances.</summary>
    public TorchPrecision Precision { get; init; }

    /// <summary>Rows that one decode step computes, used or not: shapes that never change run the same kernels, so that a sequence's scores do not depend on its company. 1 to 256, default 16.</summary>
    public int DecodeRows { get; init; } = 16;

    /// <summary>Chunks of speech that one call of the flow or the vocoder computes, used or not, for the same reason. 1 to 64, default 1.</summary>
    public int ChunkRows { get; init; } = 1;

    /// <summary>Positions that all KV caches of the device hold together, at least 1,024. Default 65,536: 1.6 GB for the 0.5B models in fp32.</summary>
    public int CachePositions { get; init; } = 65536;

    /// <summary>Bytes that weights, tables and KV caches of a model may take together; the caches are made smaller to fit. Default: no limit.</summary>
    public long MemoryBytes { get; init; } = long.MaxValue;
}
