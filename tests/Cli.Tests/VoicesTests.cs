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
    public async Task Voices_OfAFolder_AreChangedAndMoveToAServerAndBackAsFiles()
    {
        var fixture = CosyProcess.Fixture("model_v2");
        string[] here = ["--model", Path.Combine(fixture, "model"), "--data", "data"];
        const string Warning = "warning: The recording lasts only 1.37 seconds; the voice may come out less alike. 3 to 15 seconds are best.";
        await SayAsync(["add", Path.Combine(fixture, "prompt.wav"), "--text", "The river runs past the old mill.", "--owner", "me", "--consent", "I agree.", "--id", "mill", .. here]);

        Assert.Equal("saved mill, version 2", await SayAsync(["update", "mill", "--name", "The miller", "--consent", "I agree to it.", .. here]));
        Assert.Equal("saved miller, version 1", await SayAsync(["rename", "mill", "miller", .. here]));
        var shown = await SayAsync(["show", "miller", .. here]);
        Assert.Matches(
            """^miller\tversion 1\tcosyvoice2\tThe miller\|owner\tme\|created\t20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\|modes\tsft, zero_shot, cross_lingual, instruct, vc\|"""
            + """transcript\tThe river runs past the old mill\.\|consent\tI agree to it\.\|recording\t1\.37 s, \d+ Hz, [\d.]+ dB over noise\|warning: The recording lasts only""",
            shown);
        Assert.EndsWith(Warning, shown);
        Assert.Equal("exported miller to miller.safetensors", await SayAsync(["export", "miller", .. here]));
        Assert.Equal("exported sft_spk to own.safetensors", await SayAsync(["export", "sft_spk", "-o", "own.safetensors", .. here]));
        using (var server = await ServerProcess.StartAsync(_cosy, ["--data", "other"]))
        {
            string[] there = ["--url", server.Address];
            Assert.Equal("saved miller, version 1", await SayAsync(["import", "miller.safetensors", .. there]));
            Assert.Equal(WithoutTime(shown), WithoutTime(await SayAsync(["show", "miller", .. there])));
            Assert.Equal("saved miller, version 2", await SayAsync(["update", "miller", "--owner", "", .. there]));
            Assert.Equal("saved back, version 1", await SayAsync(["rename", "miller", "back", .. there]));
            Assert.Equal("exported back to back.safetensors", await SayAsync(["export", "back", .. there]));
            Assert.Equal("exported amy to amy.safetensors", await SayAsync(["export", "amy", .. there]));
            await FailAsync("VOICE_UNKNOWN: There is no voice 'miller'", ["export", "miller", .. there]);
            await FailAsync("VOICE_UNKNOWN: There is no voice 'miller'", ["show", "miller", .. there]);
            await FailAsync("VOICE_BUILT_IN: The voice 'amy'", ["rename", "back", "amy", .. there]);
        }

        Assert.Equal("saved back, version 1", await SayAsync(["import", "back.safetensors", .. here]));
        Assert.Equal(
            await File.ReadAllBytesAsync(_cosy.File("data/voices/miller/1/speaker.safetensors")), await File.ReadAllBytesAsync(_cosy.File("data/voices/back/1/speaker.safetensors")));
        Assert.DoesNotContain("owner\t", await SayAsync(["show", "back", .. here]));
        await FailAsync("VOICE_EXISTS: There is a voice 'back' already", ["rename", "miller", "back", .. here]);
        await FailAsync("VOICE_UNKNOWN: There is no voice 'mill'", ["update", "mill", "--name", "x", .. here]);
        await FailAsync("VOICE_INVALID: Nothing is to be changed", ["update", "miller", .. here]);

        static string WithoutTime(string shown) => string.Join('|', shown.Split('|').Where(line => !line.StartsWith("created", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Add_Recording_BecomesAVoiceOfTheFolderOrTheServer()
    {
        var fixture = CosyProcess.Fixture("model_v2");
        string[] model = ["--model", Path.Combine(fixture, "model")];
        string[] add = ["add", Path.Combine(fixture, "prompt.wav"), "--text", "The river runs past the old mill.", "--owner", "me", "--consent", "I agree."];
        const string warning = "warning: The recording lasts only 1.37 seconds; the voice may come out less alike. 3 to 15 seconds are best.";

        Assert.Equal($"saved mill, version 1|{warning}", await SayAsync([.. add, "--id", "mill", .. model, "--data", "data"]));
        Assert.EndsWith("mill\tversion 1\tcosyvoice2\tmill", await SayAsync(["list", "--data", "data", .. model]));
        Assert.Contains("\"consent\": \"I agree.\"", await File.ReadAllTextAsync(_cosy.File("data/voices/mill/1/voice.json")));
        using (var server = await ServerProcess.StartAsync(_cosy, ["--data", "data", .. model]))
        {
            Assert.Equal($"saved mill, version 2|{warning}", await SayAsync([.. add, "--id", "mill", "--url", server.Address]));
            Assert.Equal($"saved prompt, version 1|{warning}", await SayAsync([.. add, "--url", server.Address]));
        }

        Assert.Equal(
            await File.ReadAllBytesAsync(_cosy.File("data/voices/mill/1/speaker.safetensors")), await File.ReadAllBytesAsync(_cosy.File("data/voices/mill/2/speaker.safetensors")));
    }

    [Fact]
    public async Task Add_WhatCannotBe_IsNamed()
    {
        var fixture = CosyProcess.Fixture("model_v2");
        string[] model = ["--model", Path.Combine(fixture, "model"), "--data", "data"];
        await File.WriteAllBytesAsync(_cosy.File("cut.wav"), (await File.ReadAllBytesAsync(Path.Combine(fixture, "prompt.wav")))[..1000]);
        await File.WriteAllBytesAsync(_cosy.File("empty.wav"), []);

        await FailAsync("RECORDING_INVALID: The WAV file is cut off", ["add", "cut.wav", .. model]);
        await FailAsync("RECORDING_INVALID: The recording has 0 bytes", ["add", "empty.wav", .. model]);
        await FailAsync("FILE_NOT_USABLE", ["add", "absent.wav", .. model]);
        await FailAsync("VOICE_INVALID: 'a/b' cannot be the id", ["add", Path.Combine(fixture, "prompt.wav"), "--id", "a/b", .. model]);
        await FailAsync(
            "ENROLMENT_UNAVAILABLE: This model cannot make voices from recordings: campplus.onnx is missing",
            "add", Path.Combine(fixture, "prompt.wav"), "--id", "x", "--data", "data");
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
