using System.Net.Http.Headers;
using CosyOrleans.Service.Tenants;
using Microsoft.AspNetCore.TestHost;

namespace CosyOrleans.Frontend.Tests.Access;

/// <summary>A server that asks for keys.</summary>
public class KeyedServer : CosyServer
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("cosy-keys-");

    public KeyedServer()
    {
        Set("Frontend:RequireKeys", "true");
        Keys = new KeyFile(_keys.FullName, TimeProvider.System);
    }

    internal KeyFile Keys { get; }

    internal MovedTime Time { get; } = new();

    internal async Task<string> NewKeyAsync(string? tenant, KeyLimits? limits = null) =>
        (await Keys.CreateAsync(tenant, null, limits ?? KeyLimits.None, default)).ToString();

    /// <summary>A client that shows a new key of that tenant.</summary>
    internal async Task<HttpClient> ClientOfAsync(string? tenant, KeyLimits? limits = null)
    {
        var key = await NewKeyAsync(tenant, limits);
        Time.Advance(TimeSpan.FromSeconds(1));
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(Keys);
            services.AddSingleton(provider => new KeyRing(Keys, Time, provider.GetRequiredService<ILogger<KeyRing>>()));
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (_keys.Exists)
        {
            _keys.Delete(recursive: true);
            _keys.Refresh();
        }
    }
}

/// <summary>The time of the machine, and as much later as a test says.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(Volatile.Read(ref _ticks));

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}
