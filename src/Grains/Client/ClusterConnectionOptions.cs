using System.ComponentModel.DataAnnotations;

namespace CosyOrleans.Grains.Client;

/// <summary>Which cluster to join or to speak to.</summary>
public sealed class ClusterConnectionOptions
{
    /// <summary>Of the PostgreSQL database that holds the cluster's members, reminders and state; required.</summary>
    [Required]
    public string Connection { get; init; } = "";

    /// <summary>Silos with the same id form one cluster. Default "cosy".</summary>
    [Required]
    public string ClusterId { get; init; } = "cosy";

    /// <summary>Stays the same when a cluster is replaced by another that goes on with its voices and jobs. Default "cosy".</summary>
    [Required]
    public string ServiceId { get; init; } = "cosy";
}
