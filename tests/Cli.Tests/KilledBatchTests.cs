using System.Globalization;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Cli.Tests;

/// <summary>Batches that lose their process, as in a power failure, and are begun again.</summary>
public sealed class KilledBatchTests : IDisposable
{
    private readonly CosyProcess _cosy = new();

    [Fact]
    public async Task Batch_KilledThreeTimes_EndsLikeAnUndisturbedRun()
    {
        const int Items = 20;
        var lines = Enumerable.Range(1, Items).Select(n => string.Create(CultureInfo.InvariantCulture, $"{{\"text\":\"Number {n}, and on we go.\"}}"));
        await File.WriteAllLinesAsync(_cosy.File("in.jsonl"), lines);

        foreach (var done in new[] { 1, Items / 4, Items / 2 })
        {
            await _cosy.KillWhenAsync(["batch", "in.jsonl", "-o", "killed", "--data", "data", "-n", "4"], () => Outputs() >= done);
        }

        var before = Outputs();
        var result = await _cosy.RunAsync(["batch", "in.jsonl", "-o", "killed", "--data", "data"]);

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
        const int Paragraphs = 12;
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

    public void Dispose() => _cosy.Dispose();

    private bool Found(string pattern) => Directory.Exists(_cosy.File("data")) && Directory.GetFiles(_cosy.File("data"), pattern, SearchOption.AllDirectories).Length > 0;

    private int Outputs() => Directory.Exists(_cosy.File("data")) ? Directory.GetFiles(_cosy.File("data"), "0*.wav", SearchOption.AllDirectories).Length : 0;

    private IReadOnlyList<string> Names(string folder) =>
        [.. Directory.GetFiles(_cosy.File(folder)).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
}
