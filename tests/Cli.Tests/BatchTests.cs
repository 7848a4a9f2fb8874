namespace CosyOrleans.Cli.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly CosyProcess _cosy = new();

    [Fact]
    public async Task Batch_Lines_WritesASoundForEach()
    {
        await File.WriteAllTextAsync(_cosy.File("day.jsonl"), "{\"text\":\"Hello.\",\"task_id\":\"hello\"}\n{\"text\":\"Bye.\",\"seed\":3,\"voice\":\"ben\"}\n");

        var result = await RunAsync("day.jsonl");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("2 done, 0 failed; the sounds are in day.", result.Errors, StringComparison.Ordinal);
        Assert.Equal(["000002.wav", "hello.wav"], Names("day"));
        await _cosy.RunAsync(["speak", "Bye.", "-o", "bye.wav", "--seed", "3", "--voice", "ben"]);
        Assert.Equal(await File.ReadAllBytesAsync(_cosy.File("bye.wav")), await File.ReadAllBytesAsync(_cosy.File("day/000002.wav")));
    }

    [Fact]
    public async Task Batch_SomeItemsFail_ListsThemAndTheExitCodeSaysSo()
    {
        await File.WriteAllTextAsync(_cosy.File("in.json"), """["One.", "..."]""");

        var result = await RunAsync("in.json", "-o", "sounds");
        var again = await RunAsync("in.json", "-o", "sounds");

        Assert.All([result, again], run => Assert.Equal(1, run.ExitCode));
        Assert.Contains("item 2 (000002.wav) failed: TEXT_EMPTY", result.Errors, StringComparison.Ordinal);
        Assert.Contains("1 of 2 items were done already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(["000001.wav"], Names("sounds"));
    }

    [Theory]
    [InlineData("in.json", """[{"text":"One.","voice":"zoe"}]""", "VOICE_UNKNOWN")]
    [InlineData("in.json", "[", "JOB_INVALID")]
    [InlineData("in.doc", "One.", "NOT_OFFERED")]
    [InlineData("in.epub", "One.", "JOB_INVALID")]
    public async Task Batch_FileThatCannotBeUsed_SaysWhy(string name, string content, string code)
    {
        await File.WriteAllTextAsync(_cosy.File(name), content);

        var result = await RunAsync(name);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"error {code}: ", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cosy.File("in")));
    }

    [Fact]
    public async Task Batch_TextByLine_WritesASoundForEach()
    {
        await File.WriteAllTextAsync(_cosy.File("day.txt"), "Hello.\nBye.\n");

        var result = await RunAsync("day.txt", "--split", "line");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["000001.wav", "000002.wav"], Names("day"));
    }

    public void Dispose() => _cosy.Dispose();

    private Task<CosyProcess.Result> RunAsync(params string[] arguments) => _cosy.RunAsync(["batch", .. arguments, "--data", "data"]);

    private IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(_cosy.File(folder)).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
