using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Cache;

/// <summary>Whether sounds are kept so that the same request need not be spoken again.</summary>
public sealed class CacheOptions
{
    /// <summary>
    /// MiB of sound kept in the data folder, the least recently used removed first. 0 to 1,048,576; default 0: none is kept, because
    /// what somebody had spoken stays on the disk otherwise.
    /// </summary>
    [Range(0, 1_048_576)]
    public int Megabytes { get; init; }
}
