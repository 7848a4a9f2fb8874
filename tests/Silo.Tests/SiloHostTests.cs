using CosyOrleans.Tests;

namespace CosyOrleans.Silo.Tests;

[Collection("postgres")]
public sealed class SiloHostTests(PostgresFixture postgres)
{
    [PostgresFact]
    public async Task Silo_StartedBeforeItsDatabaseIsPrepared_BecomesReadyAndStopsInOrder()
    {
        var connection = await postgres.CreateAsync();
        using var silo = new SiloProcess(connection);
        await silo.WhenSaidAsync("Waiting for the database: its schema has version 0");

        Assert.Equal(0, await SiloHost.InitializeAsync(connection, TextWriter.Null, TextWriter.Null));
        await silo.WhenReadyAsync();

        Assert.Contains("\"state\":\"Ready\"", await silo.GetAsync("/readyz"), StringComparison.Ordinal);
        Assert.Contains("cosy_model_ready{device=\"cpu\"} 1", await silo.GetAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(0, await silo.StopAsync());
        await silo.WhenSaidAsync("Every speech has ended");
    }

    [PostgresFact]
    public async Task Silo_AskedToStopWhileItWaits_Stops()
    {
        using var silo = new SiloProcess("Host=127.0.0.1;Port=1;Username=cosy");
        await silo.WhenSaidAsync("Waiting for the database");

        Assert.Equal(0, await silo.StopAsync());
    }

    [PostgresFact]
    public async Task Silo_DatabaseRefusesItsUser_SaysSoAndEnds()
    {
        using var silo = new SiloProcess($"{await postgres.CreateAsync()};Password=wrong");

        Assert.Equal(1, await silo.WhenEndedAsync());

        await silo.WhenSaidAsync("error DATABASE_REFUSED: ");
    }
}
