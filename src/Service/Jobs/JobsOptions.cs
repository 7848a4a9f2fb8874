using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Jobs;

/// <summary>Where jobs are kept and how large they may be.</summary>
public sealed class JobsOptions
{
    /// <summary>Items in one job. 1 to 10,000,000, default 1,000,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxItems { get; init; } = 1_000_000;

    /// <summary>Bytes of one submission. 1,024 to 2^40, default 1 GiB.</summary>
    [Range(1024L, 1L << 40)]
    public long MaxBodyBytes { get; init; } = 1L << 30;

    /// <summary>Items of one job under way at the same time on each worker, where the job asks for no other number. 1 to 1,000, default 10.</summary>
    [Range(1, JobLimits.MaxInFlight)]
    public int InFlight { get; init; } = 10;

    /// <summary>Hours after which a temporary file that nothing uses any more is removed. 1 to 8,760, default 48.</summary>
    [Range(1, 8760)]
    public int TemporaryHours { get; init; } = 48;

    /// <summary>Whether jobs may tell servers at private, loopback and link-local addresses. Default false.</summary>
    public bool PrivateWebhooks { get; init; }

    /// <summary>Whether jobs may tell servers over http, which anybody on the way can read. Default false.</summary>
    public bool PlainWebhooks { get; init; }
}

/// <summary>What fields of a job may hold.</summary>
public static class JobLimits
{
    public const int MaxInFlight = 1000;

    /// <summary>Characters of a job's id and of an item's task_id.</summary>
    public const int MaxIdLength = 64;

    /// <summary>Characters of a title, of a book or chapter, and of an author.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>Characters of an output's name.</summary>
    public const int MaxNameLength = 128;
}
