using CosyOrleans.Service.Errors;
using CosyOrleans.Silo.Schema;
using Npgsql;
using NpgsqlTypes;

using CosyOrleans.Tests;

namespace CosyOrleans.Silo.Tests.Schema;

[Collection("postgres")]
public sealed class ClusterSchemaTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task ApplyAsync_Again_ChangesNothing()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateAsync());
        Assert.Equal(0, await ClusterSchema.FindAsync(database, default));

        Assert.Equal(0, await ClusterSchema.ApplyAsync(database, default));
        await ExecuteAsync(database, "INSERT INTO cluster (id) VALUES ('kept')");
        Assert.Equal(ClusterSchema.Version, await ClusterSchema.ApplyAsync(database, default));

        Assert.Equal(1L, await AskAsync(database, "SELECT count(*) FROM cluster"));
        Assert.Equal(ClusterSchema.Version, await ClusterSchema.FindAsync(database, default));
    }

    [PostgresFact]
    public async Task ApplyAsync_ManyAtOnce_OneDoesIt()
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateAsync());

        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClusterSchema.ApplyAsync(database, default)));

        Assert.Single(found, version => version == 0);
        Assert.Equal(7, found.Count(version => version == ClusterSchema.Version));
    }

    [PostgresFact]
    public async Task ApplyAsync_DatabaseOfANewerProgram_IsLeftAlone()
    {
        await using var database = await AppliedAsync();
        await ExecuteAsync(database, "INSERT INTO cosy_schema (version) VALUES (99)");

        var e = await Assert.ThrowsAsync<SpeechException>(() => ClusterSchema.ApplyAsync(database, default));

        Assert.Equal("SCHEMA_NEWER", e.Code);
    }

    [PostgresFact]
    public async Task WriteToStorage_StaleOrTwiceTheFirst_ChangesNothing()
    {
        await using var database = await AppliedAsync();

        Assert.Equal(1, await WriteAsync(database, null, 1));
        Assert.Null(await WriteAsync(database, null, 2));
        Assert.Equal(2, await WriteAsync(database, 1, 3));
        Assert.Null(await WriteAsync(database, 1, 4));

        Assert.Equal([3], (byte[]?)await QueryAsync(database, "ReadFromStorageKey", Key()));
    }

    [PostgresFact]
    public async Task WriteToStorage_ManyTryToBeTheFirst_OneIs()
    {
        await using var database = await AppliedAsync();

        var versions = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => WriteAsync(database, null, (byte)writer)));

        Assert.Single(versions, version => version == 1);
        Assert.Equal(15, versions.Count(version => version is null));
    }

    [PostgresFact]
    public async Task DeleteAndClearStorage_WantTheCurrentVersion()
    {
        await using var database = await AppliedAsync();
        await WriteAsync(database, null, 1);

        Assert.Null(await QueryAsync(database, "ClearStorageKey", [.. Key(), Version("GrainStateVersion", 7)]));
        Assert.Equal(2, await QueryAsync(database, "ClearStorageKey", [.. Key(), Version("GrainStateVersion", 1)]));
        Assert.Equal(DBNull.Value, await QueryAsync(database, "ReadFromStorageKey", Key()));
        Assert.Null(await QueryAsync(database, "DeleteStorageKey", [.. Key(), Version("GrainStateVersion", 1)]));
        Assert.Equal(3, await QueryAsync(database, "DeleteStorageKey", [.. Key(), Version("GrainStateVersion", 2)]));
        Assert.Equal(1, await WriteAsync(database, null, 5));
    }

    [PostgresFact]
    public async Task Membership_WriterWhoReadAnOlderVersion_ChangesNothing()
    {
        await using var database = await AppliedAsync();
        NpgsqlParameter cluster = new("DeploymentId", "c");
        Assert.Equal(true, await QueryAsync(database, "InsertMembershipVersionKey", [cluster.Clone()]));
        Assert.Equal(false, await QueryAsync(database, "InsertMembershipVersionKey", [cluster.Clone()]));

        Assert.Equal(true, await QueryAsync(database, "InsertMembershipKey", Silo(generation: 1, version: 0)));
        Assert.Equal(false, await QueryAsync(database, "InsertMembershipKey", Silo(generation: 2, version: 0)));
        Assert.Equal(false, await QueryAsync(database, "InsertMembershipKey", Silo(generation: 1, version: 1)));
        Assert.Equal(true, await QueryAsync(database, "UpdateMembershipKey", Silo(generation: 1, version: 1)));
        Assert.Equal(false, await QueryAsync(database, "UpdateMembershipKey", Silo(generation: 2, version: 2)));

        Assert.Equal(2, await AskAsync(database, "SELECT version FROM cluster"));
        Assert.Equal(1L, await AskAsync(database, "SELECT count(*) FROM cluster_silo"));
    }

    private async Task<NpgsqlDataSource> AppliedAsync()
    {
        var database = NpgsqlDataSource.Create(await postgres.CreateAsync());
        await ClusterSchema.ApplyAsync(database, default);
        return database;
    }

    private static async Task<int?> WriteAsync(NpgsqlDataSource database, int? version, byte payload) =>
        (int?)await QueryAsync(
            database, "WriteToStorageKey", [.. Key(), Version("GrainStateVersion", version), new("PayloadBinary", new[] { payload })]);

    private static NpgsqlParameter[] Key() =>
    [
        new("GrainIdHash", 1), new("GrainTypeHash", 2), new("GrainIdN0", (object)0L), new("GrainIdN1", (object)0L), new("GrainTypeString", "type"),
        new("GrainIdExtensionString", "id"), new("ServiceId", "service"),
    ];

    private static NpgsqlParameter[] Silo(int generation, int version) =>
    [
        new("DeploymentId", "c"), new("Address", "127.0.0.1"), new("Port", 1), new("Generation", generation), new("SiloName", "s"),
        new("HostName", "h"), new("Status", 3), new("ProxyPort", 2), new("SuspectTimes", NpgsqlDbType.Text) { Value = DBNull.Value },
        new("StartTime", DateTime.UnixEpoch), new("IAmAliveTime", DateTime.UnixEpoch), new("Version", version),
    ];

    private static NpgsqlParameter Version(string name, int? version) =>
        new(name, NpgsqlDbType.Integer) { Value = version is null ? DBNull.Value : version };

    // As the providers do it: the statement from the table, parameters by name, the first column of the first row.
    private static async Task<object?> QueryAsync(NpgsqlDataSource database, string key, NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand((string)(await AskAsync(database, $"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{key}'"))!);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync();
    }

    private static async Task<object?> AskAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static Task ExecuteAsync(NpgsqlDataSource database, string sql) => AskAsync(database, sql);
}

[CollectionDefinition("postgres")]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>;
