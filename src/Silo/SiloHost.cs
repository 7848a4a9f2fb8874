using System.Net;
using CosyOrleans.Service.Errors;
using CosyOrleans.Silo.Hosting;
using CosyOrleans.Silo.Schema;
using Npgsql;

namespace CosyOrleans.Silo;

/// <summary>One member of the cluster: a silo, its devices, health and metrics.</summary>
public static class SiloHost
{
    /// <summary>
    /// Runs until the process is asked to stop and has drained. The exit code is 0; 1 after an error that was printed in
    /// one line and that a new start does not mend; 3 when the cluster has declared this silo dead.
    /// </summary>
    /// <param name="args">Settings by name, such as <c>--Silo:HttpPort=0</c>; environment variables work too (<c>Silo__HttpPort</c>).</param>
    /// <param name="configure">Has the last word on the silo.</param>
    public static Task<int> RunAsync(string[] args, Action<SiloSetup>? configure = null) => RunAsync(args, configure, Console.Error);

    /// <summary>Brings the database to the schema of this program; may be repeated. Prints one line; the exit code is 0 or 1.</summary>
    public static async Task<int> InitializeAsync(string connectionString, TextWriter output, TextWriter errors)
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(ClusterDatabase.Complete(connectionString));
            var found = await ClusterSchema.ApplyAsync(database, CancellationToken.None);
            await output.WriteLineAsync(found == ClusterSchema.Version
                ? $"The database already has schema version {found}."
                : $"The database was brought from schema version {found} to {ClusterSchema.Version}.");
            return 0;
        }
        catch (SpeechException e)
        {
            await errors.WriteLineAsync($"error {e.Code}: {e.Message} {e.Solution}");
        }
        catch (Exception e) when (e is NpgsqlException or ArgumentException)
        {
            await errors.WriteLineAsync(
                $"error DATABASE_NOT_USABLE: {e.InnerException?.Message ?? e.Message} Check the connection string, and that its user may create tables.");
        }

        return 1;
    }

    internal static async Task<int> RunAsync(string[] args, Action<SiloSetup>? configure, TextWriter errors)
    {
        try
        {
            await using var app = Build(args, configure);
            await app.StartAsync();
            await app.WaitForShutdownAsync();
            app.Services.GetRequiredService<DeviceStartup>().ThrowIfFailed();
            return 0;
        }
        catch (SpeechException e)
        {
            await errors.WriteLineAsync($"error {e.Code}: {e.Message} {e.Solution}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            // Asked to stop while it was starting.
            return 0;
        }
        catch (Exception e)
        {
            await errors.WriteLineAsync($"error SILO_NOT_STARTED: {e.GetBaseException().Message}");
            return FatalExit.ExitCode;
        }
    }

    private static WebApplication Build(string[] args, Action<SiloSetup>? configure)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        var settings = SiloSettings.Read(builder.Configuration, configure);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Silo.Address), settings.Silo.HttpPort);
        });
        builder.LogAs(settings.Silo.LogFormat);
        // Started in this order and stopped in the reverse: the database is there before the silo, and the silo until the
        // devices have drained.
        builder.Services.AddHostedService<ClusterDatabase>();
        builder.AddSilo(settings);
        builder.Services.AddDevices(settings);

        var app = builder.Build();
        app.MapSiloHealth();
        return app;
    }
}
