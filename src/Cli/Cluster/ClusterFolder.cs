using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CosyOrleans.Cli.Cluster;

/// <summary>The folder of a local cluster: its plan, and a log and a pid file for each process.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterFolder
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    public ClusterFolder(string data)
    {
        Data = Path.GetFullPath(data);
        Root = Path.Combine(Data, "cluster");
    }

    public string Data { get; }

    public string Root { get; }

    public MemberProcess Supervisor => new(new Member("supervisor", MemberKind.Frontend, 0, [], []), this);

    private string PlanFile => File("plan.json");

    public string File(string name) => Path.Combine(Root, name);

    /// <summary>The members that should run; none before the first start.</summary>
    public IReadOnlyList<MemberProcess> Members() => System.IO.File.Exists(PlanFile)
        ? [.. JsonSerializer.Deserialize<Member[]>(System.IO.File.ReadAllText(PlanFile), Format)!.Select(member => new MemberProcess(member, this))]
        : [];

    public void Write(IEnumerable<Member> members)
    {
        // Holds the password of the database: only for the user who starts the cluster.
        Directory.CreateDirectory(Root);
        System.IO.File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var partial = $"{PlanFile}.partial";
        using (var file = new FileStream(partial, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            JsonSerializer.Serialize(file, members, Format);
        }

        System.IO.File.Move(partial, PlanFile, overwrite: true);
    }
}
