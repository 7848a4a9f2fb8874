using System.Globalization;
using System.Text;

namespace CosyOrleans.Cli.Tests;

public sealed class ServerBatchTests : IAsyncLifetime
{
    private const int Items = 10;

    private readonly CosyProcess _cosy = new();
    private ServerProcess _server = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        var made = await _cosy.RunAsync(["keys", "create", "--tenant", "acme", "--data", "data"]);
        _key = Encoding.UTF8.GetString(made.Output).Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).First(word => word.StartsWith("cosy", StringComparison.Ordinal));
        _server = await ServerProcess.StartAsync(_cosy, ["--require-keys", "--data", "data"]);
    }

    public Task DisposeAsync()
    {
        _server.Dispose();
        _cosy.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Batch_AtAServer_KilledAndRunAgain_BringsWhatThisProcessMakes()
    {
        await File.WriteAllLinesAsync(_cosy.File("in.jsonl"), Enumerable.Range(1, Items).Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"text\":\"Number {n}, and on we go.\",\"seed\":{n}}}")));
        string[] ask = ["batch", "in.jsonl", "-o", "there", "--url", _server.Address, "--key", _key];

        await _cosy.KillWhenAsync(ask, () => Directory.Exists(_cosy.File("data/jobs")) && Directory.EnumerateFiles(_cosy.File("data/jobs"), "*.wav", SearchOption.AllDirectories).Any());
        var again = await _cosy.RunAsync(ask);

        Assert.Equal((0, ""), (again.ExitCode, again.ExitCode == 0 ? "" : again.Errors));
        Assert.Contains("going on with key-", again.Errors, StringComparison.Ordinal);
        Assert.Contains($"{Items} done, 0 failed; the sounds are in there.", again.Errors, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateDirectories(_cosy.File("data/jobs"), "acme~*")); // One job, however often it was ordered.
        await _cosy.RunAsync(["batch", "in.jsonl", "-o", "here", "--data", "other"]);
        Assert.Equal(Items, Names("here").Count);
        Assert.Equal(Names("here"), Names("there"));
        Assert.All(Names("here"), name => Assert.Equal(File.ReadAllBytes(_cosy.File($"here/{name}")), File.ReadAllBytes(_cosy.File($"there/{name}"))));

        File.Delete(_cosy.File("there/000002.wav"));
        await _cosy.RunAsync(ask);
        Assert.Equal(File.ReadAllBytes(_cosy.File("here/000002.wav")), File.ReadAllBytes(_cosy.File("there/000002.wav")));
    }

    [Fact]
    public async Task Batch_AtAServer_SomeFail_OrIntoOneSound_IsAsHere()
    {
        await File.WriteAllTextAsync(_cosy.File("in.json"), """["One.", "..."]""");
        var some = await _cosy.RunAsync(["batch", "in.json", "--url", _server.Address, "--key", _key]);
        Assert.Equal(1, some.ExitCode);
        Assert.Contains("item 2 (000002.wav) failed: TEXT_EMPTY", some.Errors, StringComparison.Ordinal);
        Assert.Contains("1 done, 1 failed; the sounds are in in.", some.Errors, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_cosy.File("book.txt"), "One.\n\nTwo.");
        var one = await _cosy.RunAsync(["batch", "book.txt", "-o", "book.wav", "--url", _server.Address, "--key", _key]);
        Assert.Equal((0, ""), (one.ExitCode, one.ExitCode == 0 ? "" : one.Errors));
        Assert.All(new[] { "book.wav", "book.srt", "book.vtt" }, name => Assert.True(_cosy.Exists(name), name));

        var refused = await _cosy.RunAsync(["batch", "in.json", "--url", _server.Address]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("error KEY_MISSING: ", refused.Errors, StringComparison.Ordinal);
    }

    private List<string> Names(string folder) => [.. Directory.EnumerateFiles(_cosy.File(folder)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
