using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Service.Retention;

/// <summary>How long things are kept that nobody removes.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days after which a job that has ended is removed with its outputs. 0 to 3,650; default 0: never.</summary>
    [Range(0, 3650)]
    public int JobDays { get; init; }
}
