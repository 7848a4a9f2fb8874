using System.Text;

namespace CosyOrleans.Cli.Tests;

public sealed class VoicesTests : IDisposable
{
    private static readonly string Four = Path.Combine(DefaultModel.Find()!, "spk2info.pt");

    private readonly CosyProcess _cosy = new();

    [Fact]
    public async Task Voices_OfAFolder_AreImportedReplacedListedAndDeleted()
    {
        Assert.Equal("saved ana, version 1", await SayAsync("import", Four, "--voice", "amy", "--id", "ana", "--data", "data"));
        Assert.Equal("saved ana, version 2", await SayAsync("import", Four, "--voice", "ben", "--id", "ana", "--data", "data"));
        Assert.Equal(
            "amy\tof the model\tdefault\tamy|ben\tof the model\tdefault\tben|dan\tof the model\tdefault\tdan|eve\tof the model\tdefault\teve|" +
            "ana\tversion 2\tcosyvoice2\tana",
            await SayAsync("list", "--data", "data"));
        var stored = _cosy.File("data/voices/ana/2/speaker.safetensors");
        Assert.Equal("saved speaker, version 1", await SayAsync("import", stored, "--data", "other"));
        Assert.Equal("deleted ana", await SayAsync("delete", "ana", "--data", "data"));
        await FailAsync("VOICE_UNKNOWN: There is no voice 'ana'", "delete", "ana", "--data", "data");
    }

    [Fact]
    public async Task Voices_OfAServer_AreImportedReplacedListedAndDeleted()
    {
        using var server = await ServerProcess.StartAsync(_cosy, ["--data", "data"]);
        string[] url = ["--url", server.Address];

        Assert.Equal("saved ana, version 1", await SayAsync(["import", Four, "--voice", "amy", "--id", "ana", .. url]));
        Assert.Equal("saved ana, version 2", await SayAsync(["import", Four, "--voice", "ben", "--id", "ana", .. url]));
        Assert.EndsWith("eve\tof the model\tdefault\teve|ana\tversion 2\tcosyvoice2\tana", await SayAsync(["list", .. url]));
        await FailAsync("DATA_IN_USE", "list", "--data", "data");
        await FailAsync("VOICE_BUILT_IN: The voice 'amy'", ["import", Four, .. url]);
        Assert.Equal("deleted ana", await SayAsync(["delete", "ana", .. url]));
        await FailAsync("VOICE_UNKNOWN: There is no voice 'ana'", ["delete", "ana", .. url]);
    }

    [Fact]
    public async Task Import_WhatCannotBe_IsNamed()
    {
        await File.WriteAllTextAsync(_cosy.File("odd.pt"), "no voice at all");
        await using (var large = File.Create(_cosy.File("large.pt")))
        {
            large.SetLength((32 << 20) + 1);
        }

        await FailAsync("VOICE_INVALID: The file 'odd.pt'", "import", "odd.pt", "--data", "data");
        await FailAsync("'large.pt' has 33554433 bytes; 1 to 33554432", "import", "large.pt", "--data", "data");
        await FailAsync("FILE_NOT_USABLE", "import", "absent.pt", "--data", "data");
        await FailAsync("VOICE_BUILT_IN: The voice 'amy'", "import", Four, "--data", "data");
        await FailAsync("VOICE_BUILT_IN: The voice 'amy'", "delete", "amy", "--data", "data");
        await FailAsync("'a/b' cannot be the id", "import", Four, "--voice", "amy", "--id", "a/b", "--data", "data");
        await FailAsync("SERVER_NOT_REACHED: 127.0.0.1:1", "list", "--url", "http://127.0.0.1:1");
        Assert.Equal(4, (await SayAsync("list", "--data", "data")).Split('|').Length);
    }

    public void Dispose() => _cosy.Dispose();

    private async Task<string> SayAsync(params string[] arguments)
    {
        var result = await _cosy.RunAsync(["voices", .. arguments]);
        Assert.Equal((0, ""), (result.ExitCode, result.Errors));
        return string.Join('|', Encoding.UTF8.GetString(result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private async Task FailAsync(string error, params string[] arguments)
    {
        var result = await _cosy.RunAsync(["voices", .. arguments]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(error, result.Errors, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
