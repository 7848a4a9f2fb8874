using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CosyOrleans.Cli.Tests.Hostile;

/// <summary>cosy serve, with a model that can make voices from recordings, and what it takes of the machine.</summary>
public sealed class HostileServer : IAsyncLifetime
{
    /// <summary>Of the body of a job, which may have as much as is set; other bodies have limits of their own.</summary>
    public const int JobBytes = 64 * 1024 * 1024;

    private readonly CosyProcess _cosy = new();
    private ServerProcess? _server;

    internal HttpClient Client { get; private set; } = null!;

    internal Uri Address => new(_server!.Address);

    /// <summary>Lines of the log.</summary>
    internal IReadOnlyCollection<string> Said => _server!.Said;

    /// <summary>The most bytes of memory that the process ever held; 0 where the system does not say.</summary>
    internal long MostMemory => !File.Exists(Status) ? 0 : 1024 * long.Parse(
        File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    /// <summary>Bytes of the data and temporary files that the process has.</summary>
    internal long OnDisk => Files().Sum(file => file.Length);

    private string Status => $"/proc/{_server!.Id}/status";

    public async Task InitializeAsync()
    {
        var temporary = Directory.CreateDirectory(_cosy.File("temporary")).FullName;
        _server = await ServerProcess.StartAsync(
            _cosy,
            ["--model", CosyProcess.Fixture("model_v3/model"), "--data", _cosy.File("data")],
            new Dictionary<string, string> { ["TMPDIR"] = temporary, ["Jobs__MaxBodyBytes"] = JobBytes.ToString(CultureInfo.InvariantCulture) });
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(1) };
    }

    public Task DisposeAsync()
    {
        Client?.Dispose();
        _server?.Dispose();
        _cosy.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Files outside the folders that are its own to write.</summary>
    internal IEnumerable<string> Strays() => Files().Select(file => Path.GetRelativePath(_cosy.Folder, file.FullName))
        .Where(name => !name.StartsWith("data", StringComparison.Ordinal) && !name.StartsWith("temporary", StringComparison.Ordinal));

    /// <summary>An address that is sent exactly as it is written.</summary>
    internal Uri Exactly(string target) => new($"{Address.ToString().TrimEnd('/')}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    internal async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Checks that this is a refusal in one of the documented shapes: its status and words.</summary>
    internal static void AssertRefused((HttpStatusCode Status, string Text) answer, HttpStatusCode status, string part)
    {
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Text}");
        using var error = JsonDocument.Parse(answer.Text);
        Assert.Equal(JsonValueKind.Object, error.RootElement.ValueKind);
        Assert.Contains(part, answer.Text, StringComparison.Ordinal);
    }

    private IEnumerable<FileInfo> Files()
    {
        foreach (var file in new DirectoryInfo(_cosy.Folder).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            file.Refresh();
            if (file.Exists)
            {
                yield return file;
            }
        }
    }
}

/// <summary>One server for all.</summary>
[CollectionDefinition(nameof(HostileServer))]
public sealed class HostileServerCollection : ICollectionFixture<HostileServer>;
