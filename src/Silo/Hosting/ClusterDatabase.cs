using CosyOrleans.Service.Errors;
using CosyOrleans.Silo.Schema;
using Npgsql;

namespace CosyOrleans.Silo.Hosting;

/// <summary>Waits for the database before the silo starts: both may be started at the same moment.</summary>
internal sealed partial class ClusterDatabase(SiloSettings settings, TimeProvider time, ILogger<ClusterDatabase> logger) : IHostedService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SayAgain = TimeSpan.FromSeconds(15);

    /// <summary>The connection string with what a silo needs where it says nothing else.</summary>
    public static string Complete(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        Default("Application Name", "cosy silo");
        Default("Timeout", 5);
        Default("Command Timeout", 15);
        // Notices a database machine that vanished without closing its connections.
        Default("Keepalive", 10);
        Default("Max Auto Prepare", 40);
        return builder.ConnectionString;

        void Default(string key, object value)
        {
            if (!builder.ShouldSerialize(key))
            {
                builder[key] = value;
            }
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(Complete(settings.Silo.ConnectionString));
        string? said = null;
        var saidAt = time.GetTimestamp();
        while (await ProblemAsync(database, cancellationToken) is { } problem)
        {
            if (problem != said || time.GetElapsedTime(saidAt) > SayAgain)
            {
                LogWaiting(problem);
                said = problem;
                saidAt = time.GetTimestamp();
            }

            await Task.Delay(Retry, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task<string?> ProblemAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            var found = await ClusterSchema.FindAsync(database, cancellationToken);
            ClusterSchema.ThrowIfNewer(found);
            return found == ClusterSchema.Version
                ? null
                : $"its schema has version {found} and {ClusterSchema.Version} is needed; run cosy cluster init";
        }
        catch (PostgresException e) when (IsForPeople(e.SqlState))
        {
            throw new SpeechException(
                SpeechErrorKind.Configuration,
                "DATABASE_REFUSED",
                $"The database refuses: {e.MessageText.TrimEnd('.')}.",
                "Correct Silo:ConnectionString, or the rights of its user.",
                e);
        }
        catch (NpgsqlException e)
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    // Waiting does not help against a wrong password, user or database name, or missing rights.
    private static bool IsForPeople(string state) =>
        state.StartsWith("28", StringComparison.Ordinal) || state is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege;

    [LoggerMessage(1, LogLevel.Warning, "Waiting for the database: {Problem}")]
    private partial void LogWaiting(string problem);
}
