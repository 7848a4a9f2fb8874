using CosyOrleans.Service.Errors;
using Npgsql;

namespace CosyOrleans.Silo.Schema;

/// <summary>The tables of a cluster: numbered scripts, each applied once, all of them in one transaction.</summary>
public static class ClusterSchema
{
    // Any number that is ours: two programs that initialise the same database wait for one another.
    private const long Turn = 0x436f7379;

    private const string Versions =
        "CREATE TABLE IF NOT EXISTS cosy_schema (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())";

    /// <summary>The version that this program works with.</summary>
    public static int Version => Scripts.Count;

    private static IReadOnlyList<string> Scripts { get; } = Read();

    /// <summary>Brings a database to <see cref="Version"/>; does nothing where it is. Returns the version it had, 0 for an empty one.</summary>
    /// <exception cref="SpeechException">A newer program has been here.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached or may not be changed.</exception>
    public static async Task<int> ApplyAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Turn})", cancellationToken);
        await ExecuteAsync(connection, Versions, cancellationToken);
        var found = await VersionAsync(connection, cancellationToken);
        ThrowIfNewer(found);
        for (var version = found + 1; version <= Version; version++)
        {
            await ExecuteAsync(connection, Scripts[version - 1], cancellationToken);
            await ExecuteAsync(connection, $"INSERT INTO cosy_schema (version) VALUES ({version})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return found;
    }

    /// <summary>The version of a database; 0 where it was never initialised.</summary>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<int> FindAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT to_regclass('cosy_schema') IS NOT NULL", connection);
        return (bool)(await exists.ExecuteScalarAsync(cancellationToken))! ? await VersionAsync(connection, cancellationToken) : 0;
    }

    /// <exception cref="SpeechException">The database is of a newer program.</exception>
    public static void ThrowIfNewer(int found)
    {
        if (found > Version)
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration,
                "SCHEMA_NEWER",
                $"The database has schema version {found}; this program knows versions up to {Version}.",
                "Use the newer program everywhere, or another database.");
        }
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM cosy_schema", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static List<string> Read()
    {
        var assembly = typeof(ClusterSchema).Assembly;
        List<string> scripts = [];
        while (assembly.GetManifestResourceStream($"schema/{scripts.Count + 1:000}.sql") is { } script)
        {
            using var reader = new StreamReader(script);
            scripts.Add(reader.ReadToEnd());
        }

        return scripts;
    }
}
