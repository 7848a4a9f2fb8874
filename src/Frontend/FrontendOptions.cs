using System.ComponentModel.DataAnnotations;
using CosyOrleans.Service;
using CosyOrleans.Service.Nodes;

namespace CosyOrleans.Frontend;

/// <summary>Where the server listens and what it serves.</summary>
public sealed class FrontendOptions
{
    /// <summary>The model folder. Required.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Model { get; set; } = "";

    /// <summary>The data folder, in which jobs are kept; with <see cref="Cluster"/> the same folder that the silos have. Default: the environment variable COSY_DATA, otherwise ~/.cosyorleans.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Data { get; set; } = DataFolder.Default;

    /// <summary>Addresses to listen on, separated by ';'. Default http://127.0.0.1:8080.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Urls { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// Allows addresses that other machines can reach, and requests under any host name. Off by default. At such an address
    /// everybody has to show a key.
    /// </summary>
    public bool AllowRemote { get; set; }

    /// <summary>Asks for keys also where only this machine can reach the server. Off by default.</summary>
    public bool RequireKeys { get; set; }

    /// <summary>Threads of the engine. 0 (default) for all cores, at most 1,024.</summary>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>What the model computes on: "cpu" (default), "cuda:0", "cuda:1", …</summary>
    [Required(AllowEmptyStrings = false)]
    public string Device { get; set; } = ComputeDevices.Processor;

    /// <summary>Speaks with the silos of a cluster; <see cref="Model"/> and <see cref="Threads"/> are not used then. Off by default.</summary>
    public bool Cluster { get; set; }

    /// <summary>The PostgreSQL of the cluster: "Host=…;Username=…;Password=…;Database=…". Required with <see cref="Cluster"/>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>As the silos have it. Default "cosy".</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ClusterId { get; set; } = "cosy";

    /// <summary>As the silos have it. Default "cosy".</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ServiceId { get; set; } = "cosy";

    /// <summary>Connections at the same time, idle ones and WebSockets included; one beyond is answered 503 and closed. 16 to 100,000, default 2,000.</summary>
    [Range(16, 100_000)]
    public int MaxConnections { get; set; } = 2000;

    /// <summary>Bytes in the body of a request. 1,024 to 104,857,600, default 1,048,576.</summary>
    [Range(1024, 100 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>MiB of bodies that requests under way may hold together, those of jobs excepted; who comes beyond is told to come again. At least <see cref="MaxBodyBytes"/>; 64 to 65,536, default 256.</summary>
    [Range(64, 65_536)]
    public int MaxBodyMegabytesInFlight { get; set; } = 256;
}
