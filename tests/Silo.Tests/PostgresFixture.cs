using CosyOrleans.Cli.Cluster;
using Npgsql;

namespace CosyOrleans.Silo.Tests;

/// <summary>A PostgreSQL of the tests' own; each test takes a database for itself.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClusterFolder _folder = new(Path.Combine(Path.GetTempPath(), $"cosy-postgres-{Guid.NewGuid():n}"));
    private PostgresServer? _server;
    private MemberProcess? _process;
    private int _databases;

    public async Task InitializeAsync()
    {
        if (PostgresServer.FindBinaries() is not { } binaries)
        {
            return;
        }

        _folder.Write([]);
        _server = new PostgresServer(_folder.File("postgres"), binaries);
        await _server.InitializeAsync(default);
        var port = LocalCluster.FreePorts(1)[0];
        _process = new MemberProcess(new Member("database", MemberKind.Database, port, _server.Command(port), []), _folder);
        _process.Start();
        Assert.True(await Waiting.ForAsync(token => LocalCluster.AcceptsAsync(port, token), Patience, default), "PostgreSQL does not start");
    }

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        var server = new NpgsqlConnectionStringBuilder(_server!.ConnectionString(_process!.Member.Port));
        await using var source = NpgsqlDataSource.Create(server);
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        server.Database = name;
        return server.ConnectionString;
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync(Patience, default);
            Directory.Delete(_folder.Data, recursive: true);
        }
    }
}
