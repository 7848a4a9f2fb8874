using System.ComponentModel.DataAnnotations;
using CosyOrleans.Service;

namespace CosyOrleans.Silo;

/// <summary>Where a silo is reached, what it speaks with, and which cluster it belongs to.</summary>
public sealed class SiloOptions
{
    /// <summary>Silos with the same cluster id and database are one cluster. Default "cosy".</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ClusterId { get; set; } = "cosy";

    /// <summary>Under which grain state and reminders are stored; survives a change of the cluster id. Default "cosy".</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ServiceId { get; set; } = "cosy";

    /// <summary>PostgreSQL: "Host=…;Username=…;Password=…;Database=…". Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ConnectionString { get; set; } = "";

    /// <summary>The address of this machine under which silos and frontends reach the silo, and on which it listens. Default 127.0.0.1.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// Allows an address that other machines can reach. Off by default: silos believe whoever reaches their ports, so the
    /// network between them must be closed to others.
    /// </summary>
    public bool AllowRemote { get; set; }

    /// <summary>Port for other silos. 0 for a free one, to 65,535; default 11,111.</summary>
    [Range(0, 65535)]
    public int SiloPort { get; set; } = 11111;

    /// <summary>Port for frontends. 0 for a free one, to 65,535; default 30,000.</summary>
    [Range(0, 65535)]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Port of /healthz, /readyz and /metrics. 0 for a free one, to 65,535; default 8,081.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 8081;

    /// <summary>The name of this silo in lists and logs. Default: machine and process id.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>The model folder. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Model { get; set; } = "";

    /// <summary>Devices that speak, each with a model of its own, separated by ',': "cpu", "cuda:0", "cuda:1", … Default "cpu".</summary>
    [Required(AllowEmptyStrings = false)]
    public string Devices { get; set; } = "cpu";

    /// <summary>Threads of a device that computes on processors. 0 (default) for all cores, at most 1,024.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Where outputs of jobs and files of voices are kept; all silos must see the same folder. Default: COSY_DATA, otherwise ~/.cosyorleans.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Data { get; set; } = DataFolder.Default;

    /// <summary>How long a silo that is asked to stop waits for speeches under way. 0 to 3,600 s, default 30.</summary>
    [Range(0.0, 3600.0)]
    public double DrainSeconds { get; set; } = 30;

    /// <summary>Text for people (default), Json for collectors: one object a line.</summary>
    public LogFormat LogFormat { get; set; }
}

/// <summary>How a line of the log looks.</summary>
public enum LogFormat
{
    Text,
    Json,
}
