using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Cli.Tests;

/// <summary>The commands of docs/RECIPES.md that need nothing but this repository run as they stand there.</summary>
public sealed partial class RecipesTests : IDisposable
{
    private static readonly string Recipes = Path.GetFullPath(Path.Combine(DefaultModel.Find()!, "../../docs/RECIPES.md"));

    private readonly CosyProcess _cosy = new();

    [FfmpegFact]
    public async Task Audiobook_IsMadeByTheCommand()
    {
        await TestBook.WriteAsync(_cosy.File("book.epub"), chapters: 2, paragraphs: 2);

        await BashAsync(Block("An audiobook overnight", 0));

        Assert.All(["book.m4b", "book.srt", "book.vtt"], name => Assert.True(_cosy.Exists(name)));
    }

    [Fact]
    public async Task Courseware_TableBecomesASoundForEachLine()
    {
        await File.WriteAllTextAsync(_cosy.File("lesson.csv"), Block("Courseware in the teacher's voice", 1));
        var command = Block("Courseware in the teacher's voice", 0).Split('\n').Single(line => line.StartsWith("./cosy batch", StringComparison.Ordinal));

        // The built-in voice cannot learn others.
        await BashAsync(command.Replace("teacher", "eve", StringComparison.Ordinal));

        Assert.All(["lesson/intro.wav", "lesson/slide-1.wav"], name => Assert.True(_cosy.Exists(name)));
    }

    [Fact]
    public async Task Ci_AgainWithTheSameFile_CostsNothingAndEndsWell()
    {
        await File.WriteAllTextAsync(_cosy.File("prompts.jsonl"), "{\"text\":\"One.\"}\n");

        await BashAsync(Block("From CI", 0));
        var again = await BashAsync(Block("From CI", 0));

        Assert.Contains("1 of 1 items were done already", again, StringComparison.Ordinal);
    }

    [FfmpegFact]
    public async Task Server_BookDubbingAndQueue_BecomeWhatTheRecipesSay()
    {
        using var server = await ServerProcess.StartAsync(_cosy, ["--data", "served"]);
        await TestBook.WriteAsync(_cosy.File("book.epub"), chapters: 1, paragraphs: 1);

        await BashAsync(Block("An audiobook overnight", 1), server.Address);
        Assert.True(_cosy.Exists("voyage.m4b"));

        // The built-in voices have other names.
        var dubbing = Block("A dubbing factory", 0).Replace("\"amy\"", "\"eve\"", StringComparison.Ordinal);
        var first = await BashAsync(dubbing, server.Address);
        Assert.Equal(first[..40], (await BashAsync(dubbing, server.Address))[..40]);
        var id = IdOf().Match(first).Groups[1].Value;
        await BashAsync($"curl -sN $BASE/v1/jobs/{id}/events >/dev/null; curl -s $BASE/v1/jobs/{id}/download -o dub.zip", server.Address);
        using var zip = ZipFile.OpenRead(_cosy.File("dub.zip"));
        Assert.Equal(8, zip.Entries.Count(entry => entry.Name.EndsWith(".wav", StringComparison.Ordinal)));
        Assert.NotNull(zip.GetEntry("end-ben-slow.wav"));

        await File.WriteAllTextAsync(_cosy.File("order.sh"), Block("From a message queue", 1));
        const string Deliver = """export BASE; for i in 1 2; do printf '["Hello."]' | bash order.sh | tee -a answers >/dev/null; echo >> answers; done; cut -d, -f1 answers | sort -u | wc -l""";
        Assert.StartsWith("1", (await BashAsync(Deliver, server.Address)).Trim(), StringComparison.Ordinal);
    }

    public void Dispose() => _cosy.Dispose();

    /// <summary>The n-th block of code under a heading.</summary>
    private static string Block(string heading, int number)
    {
        var section = File.ReadAllText(Recipes).Split($"## {heading}\n")[1].Split("\n## ")[0];
        return section.Split("```")[(2 * number) + 1].Split('\n', 2)[1];
    }

    private async Task<string> BashAsync(string script, string url = "")
    {
        var cosy = $"dotnet {Path.Combine(AppContext.BaseDirectory, "cosy.dll")}";
        var start = new ProcessStartInfo("bash", ["-euc", $"set -o pipefail\n{script.Replace("./cosy", cosy, StringComparison.Ordinal)}"])
        {
            WorkingDirectory = _cosy.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["BASE"] = url;
        start.Environment["COSY_DATA"] = _cosy.File("data");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(patience.Token);
        var said = await output + await errors;
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    [GeneratedRegex("\"id\":\"([^\"]+)\"")]
    private static partial Regex IdOf();
}
