using System.Globalization;
using CosyOrleans.Service.Tests.Formats;

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
    public async Task Batch_KilledThreeTimes_EndsLikeAnUndisturbedRun()
    {
        const int Items = 40;
        var lines = Enumerable.Range(1, Items).Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"text\":\"Number {n}, and on we go.\"}}"));
        await File.WriteAllLinesAsync(_cosy.File("in.jsonl"), lines);

        foreach (var done in new[] { 1, Items / 3, Items / 2 })
        {
            await _cosy.KillWhenAsync(["batch", "in.jsonl", "-o", "killed", "--data", "data", "-n", "4"], () => Outputs() >= done);
        }

        var before = Outputs();
        var result = await RunAsync("in.jsonl", "-o", "killed");

        Assert.InRange(before, Items / 2, Items - 1);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("going on with", result.Errors, StringComparison.Ordinal);
        await _cosy.RunAsync(["batch", "in.jsonl", "-o", "undisturbed", "--data", "other"]);
        Assert.Equal(Items, Names("undisturbed").Count);
        Assert.Equal(Names("undisturbed"), Names("killed"));
        Assert.All(Names("killed"), name => Assert.Equal(
            File.ReadAllBytes(Path.Combine(_cosy.File("undisturbed"), name)), File.ReadAllBytes(Path.Combine(_cosy.File("killed"), name))));
    }

    [FfmpegFact]
    public async Task Batch_BookKilledFourTimes_BecomesTheSameFileAsUndisturbed()
    {
        const int Paragraphs = 24;
        await TestBook.WriteAsync(_cosy.File("book.epub"), chapters: 3, paragraphs: Paragraphs / 3);
        string[] command = ["batch", "book.epub", "-o", "out/book.m4b", "--data", "data", "-n", "4"];

        // In the middle of the items twice, when all are done, and while the whole is being written.
        await _cosy.KillWhenAsync(command, () => Outputs() >= 2);
        await _cosy.KillWhenAsync(command, () => Outputs() >= Paragraphs / 2);
        await _cosy.KillWhenAsync(command, () => Outputs() >= Paragraphs + 3);
        await _cosy.KillWhenAsync(command, () => Found("*.sound") || Found("assembly.m4b"));
        var before = _cosy.Exists("out/book.m4b");
        var result = await _cosy.RunAsync(command);

        Assert.False(before);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("3 chapters", result.Errors, StringComparison.Ordinal);
        await _cosy.RunAsync(["batch", "book.epub", "-o", "undisturbed.m4b", "--data", "other"]);
        foreach (var ending in new[] { "m4b", "srt", "vtt" })
        {
            Assert.Equal(await File.ReadAllBytesAsync(_cosy.File($"undisturbed.{ending}")), await File.ReadAllBytesAsync(_cosy.File($"out/book.{ending}")));
        }

        Assert.Equal(3, Directory.GetFiles(_cosy.File("out")).Length);
        Assert.Empty(Directory.GetFiles(_cosy.File("data"), "*.sound", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Batch_TextByLine_WritesASoundForEach()
    {
        await File.WriteAllTextAsync(_cosy.File("day.txt"), "Hello.\nBye.\n");

        var result = await RunAsync("day.txt", "--split", "line");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["000001.wav", "000002.wav"], Names("day"));
    }

    private bool Found(string pattern) => Directory.Exists(_cosy.File("data")) && Directory.GetFiles(_cosy.File("data"), pattern, SearchOption.AllDirectories).Length > 0;

    public void Dispose() => _cosy.Dispose();

    private Task<CosyProcess.Result> RunAsync(params string[] arguments) => _cosy.RunAsync(["batch", .. arguments, "--data", "data"]);

    private int Outputs() => Directory.Exists(_cosy.File("data")) ? Directory.GetFiles(_cosy.File("data"), "0*.wav", SearchOption.AllDirectories).Length : 0;

    private IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(_cosy.File(folder)).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
