using System.Text.Json;
using CosyOrleans.Frontend.Hosting;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Tests;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;

namespace CosyOrleans.Frontend.Tests;

/// <summary>The whole server on a real socket, over a model that needs no weights.</summary>
public class CosyServer : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-");
    private readonly Dictionary<string, string> _settings = new() { ["Frontend:Model"] = "tone", ["Frontend:Urls"] = "http://127.0.0.1:0" };

    public CosyServer()
    {
        UseKestrel();
        _settings["Frontend:Data"] = _data.FullName;
    }

    /// <summary>The data folder.</summary>
    internal string Data => _data.FullName;

    internal ToneModel Model { get; init; } = new();

    internal Func<ILoadedModel>? Load { get; init; }

    /// <summary>Null: those of the server.</summary>
    internal AudioEncoders? Encoders { get; init; }

    internal IReadOnlyDictionary<string, string> Settings
    {
        init
        {
            foreach ((var name, var setting) in value)
            {
                _settings[name] = setting;
            }
        }
    }

    protected void Set(string name, string value) => _settings[name] = value;

    /// <summary>For tests of what happens before the model is ready.</summary>
    internal bool ReadyFirst { get; init; } = true;

    internal HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        StartServer();
        Client = CreateClient();
        if (ReadyFirst)
        {
            await WhenLoadedAsync();
        }
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        _data.Delete(recursive: true);
    }

    internal Task<HttpResponseMessage> PostAsync(string path, object fields) => Client.PostAsJsonAsync(path, fields);

    /// <summary>An answer whose body is read as it comes.</summary>
    internal Task<HttpResponseMessage> BeginAsync(string path, object fields, CancellationToken cancellationToken = default) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(fields) },
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken);

    /// <summary>Completes when the model has spoken for the first time.</summary>
    internal Task WhenLoadedAsync() => Services.GetRequiredService<ModelStartup>().ExecuteTask!;

    internal static byte[] Bytes(short[] samples) => [.. samples.SelectMany(sample => new[] { (byte)sample, (byte)(sample >> 8) })];

    /// <summary>Checks the one shape of errors, or that of OpenAI, whose message says both, and returns it.</summary>
    internal static async Task<(string Code, string Message, string Solution)> ErrorAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (body.RootElement.GetProperty("error") is { ValueKind: JsonValueKind.Object } error)
        {
            Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(field => field.Name));
            var both = error.GetProperty("message").GetString()!;
            return (error.GetProperty("code").GetString()!, both, both);
        }

        var fields = body.RootElement.EnumerateObject()
            .ToDictionary(field => field.Name, field => field.Value.GetString()!);
        Assert.Equal(["error", "message", "solution"], fields.Keys.Order());
        Assert.All(fields.Values, value => Assert.False(string.IsNullOrWhiteSpace(value)));
        return (fields["error"], fields["message"], fields["solution"]);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach ((var name, var value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton(Load ?? (() => Model));
            if (Encoders is not null)
            {
                services.AddSingleton(Encoders);
            }
        });
    }
}
