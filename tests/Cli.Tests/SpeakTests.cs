using System.Buffers.Binary;
using System.Text;
using CosyOrleans.Service.Tests.Formats;

namespace CosyOrleans.Cli.Tests;

public sealed class SpeakTests : IDisposable
{
    private static readonly string Model = CosyProcess.Fixture("model_v2/model");
    private static readonly string Recording = CosyProcess.Fixture("model_v2/prompt.wav");

    private readonly CosyProcess _cosy = new();

    [Fact]
    public async Task Speak_Text_WritesAWavOfTheStatedLength()
    {
        var result = await _cosy.RunAsync(["speak", "Hello, and welcome.", "-o", "hello.wav", "--voice", "eve", "--seed", "3"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("voice eve, seed 3", result.Errors, StringComparison.Ordinal);
        AssertWav(await File.ReadAllBytesAsync(_cosy.File("hello.wav")), atLeastSeconds: 0.5);
        Assert.Equal([_cosy.File("hello.wav")], Directory.GetFiles(_cosy.Folder));
    }

    [Theory]
    [InlineData("speak")]
    [InlineData("batch")]
    [InlineData("convert")]
    public async Task Device_ThatThereIsNotOrBesideAServer_IsRefused(string command)
    {
        var unknown = await _cosy.RunAsync([command, "hello", "--device", "gpu"]);
        var beside = await _cosy.RunAsync([command, "hello", "--device", "cpu", "--url", "http://127.0.0.1:9"]);

        Assert.Equal((1, 1), (unknown.ExitCode, beside.ExitCode));
        Assert.Contains("'gpu' is no device", unknown.Errors, StringComparison.Ordinal);
        Assert.Contains("--device is for speaking in this process", beside.Errors, StringComparison.Ordinal);
    }

    [FfmpegTheory]
    [InlineData("hello.mp3", "mp3", 16000)]
    [InlineData("hello.FLAC", "flac", 16000)]
    [InlineData("hello.ogg", "opus", 48000)]
    public async Task Speak_NameOfAnotherFormat_WritesIt(string name, string codec, int rate)
    {
        var result = await _cosy.RunAsync(["speak", "Hello, and welcome.", "-o", name, "--rate", "16000", "--seed", "3"]);

        Assert.True(result.ExitCode == 0, result.Errors);
        var sound = await Ffprobe.DescribeAsync(await File.ReadAllBytesAsync(_cosy.File(name)));
        Assert.Equal((codec, rate), (sound.Codec, sound.SampleRate));
        Assert.True(sound.Seconds > 0.5, $"{sound.Seconds} s");
    }

    [Fact]
    public async Task Speak_Rate_HasSoManySamplesASecond()
    {
        Assert.Equal(0, (await _cosy.RunAsync(["speak", "Hello.", "-o", "a.pcm", "--seed", "9"])).ExitCode);
        Assert.Equal(0, (await _cosy.RunAsync(["speak", "Hello.", "-o", "b.pcm", "--rate", "48000", "--seed", "9"])).ExitCode);

        Assert.Equal(2 * new FileInfo(_cosy.File("a.pcm")).Length, new FileInfo(_cosy.File("b.pcm")).Length);
    }

    [Fact]
    public async Task Speak_ThroughAServer_IsWhatThisProcessStreams()
    {
        using var server = await ServerProcess.StartAsync(_cosy, []);
        string[] speech = ["speak", "Hello, and welcome.", "--voice", "eve", "--seed", "3"];

        // The first of the two addresses may be the one where nobody answers.
        var remote = await _cosy.RunAsync([.. speech, "-o", "remote.wav", "--url", "http://127.0.0.1:9", "--url", server.Address]);
        var here = await _cosy.RunAsync([.. speech, "-o", "here.wav", "--stream"]);

        Assert.True((remote.ExitCode, here.ExitCode) == (0, 0), remote.Errors + here.Errors);
        Assert.Equal(await File.ReadAllBytesAsync(_cosy.File("here.wav")), await File.ReadAllBytesAsync(_cosy.File("remote.wav")));
    }

    [Fact]
    public async Task Speak_ThroughAServer_TakesNoModel()
    {
        var result = await _cosy.RunAsync(["speak", "Hello.", "--url", "http://127.0.0.1:9", "--threads", "1"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("--threads", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speak_SameSeed_GivesTheSameBytes()
    {
        foreach (var name in new[] { "a.wav", "b.wav" })
        {
            Assert.Equal(0, (await _cosy.RunAsync(["speak", "Hello.", "-o", name, "--seed", "9"])).ExitCode);
        }

        Assert.Equal(await File.ReadAllBytesAsync(_cosy.File("a.wav")), await File.ReadAllBytesAsync(_cosy.File("b.wav")));
    }

    [Fact]
    public async Task Speak_StandardInputToStandardOutput_Streams()
    {
        var result = await _cosy.RunAsync(["speak", "--stream", "-o", "-", "--seed", "1"], "One, two, three.");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("RIFF", Encoding.ASCII.GetString(result.Output, 0, 4));
        Assert.True(result.Output.Length > 24_000, $"{result.Output.Length} bytes");
    }

    [Theory]
    [InlineData("--mode", "zero_shot", "--reference-transcript", "What is said.")]
    [InlineData("--mode", "cross_lingual")]
    [InlineData("--dialect", "sichuan", "--emotion", "sad")]
    [InlineData("--instruction", "Like a pirate.")]
    public async Task Speak_ModesWithARecording_SpeakInItsVoice(params string[] options)
    {
        var result = await _cosy.RunAsync(
            ["speak", "Hello, and welcome.", "-o", "hello.wav", "--seed", "1", "--model", Model, "--reference", Recording, .. options]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("voice reference-", result.Errors, StringComparison.Ordinal);
        Assert.Contains("warning: The recording lasts only", result.Errors, StringComparison.Ordinal);
        AssertWav(await File.ReadAllBytesAsync(_cosy.File("hello.wav")), atLeastSeconds: 0.2);
    }

    [Fact]
    public async Task SpeakBatchServe_ReferenceText_ReadAsTheReferenceDoes()
    {
        const string text = "It was 3.5 miles in 1990.";
        string[] options = ["--voice", "amy", "--seed", "1"];
        Assert.Equal(0, (await _cosy.RunAsync(["speak", text, "-o", "spoken.wav", .. options])).ExitCode);
        var result = await _cosy.RunAsync(["speak", text, "-o", "reference.wav", "--reference-text", .. options]);
        Assert.True(result.ExitCode == 0, result.Errors);
        var reference = await File.ReadAllBytesAsync(_cosy.File("reference.wav"));
        Assert.NotEqual(await File.ReadAllBytesAsync(_cosy.File("spoken.wav")), reference);

        await File.WriteAllTextAsync(_cosy.File("in.jsonl"), $"{{\"text\":\"{text}\",\"voice\":\"amy\",\"seed\":1}}\n");
        Assert.Equal(0, (await _cosy.RunAsync(["batch", "in.jsonl", "-o", "spoken", "--data", "data"])).ExitCode);
        result = await _cosy.RunAsync(["batch", "in.jsonl", "-o", "sounds", "--data", "data", "--reference-text"]);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(reference, await File.ReadAllBytesAsync(_cosy.File("sounds/000001.wav")));

        using var server = await ServerProcess.StartAsync(_cosy, ["--reference-text", "--data", "data"]);
        using var client = new HttpClient();
        using var body = new StringContent($"{{\"text\":\"{text}\",\"speaker_id\":\"amy\",\"seed\":1,\"stream\":false}}", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri(server.Address + "/tts"), body);
        Assert.Equal(reference, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Serve_ReferenceTextOfACluster_SaysWhoDecides()
    {
        var result = await _cosy.RunAsync(["serve", "--cluster", "--reference-text"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("start the silos of a cluster with --Synthesis:Reading=Reference", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speak_VoiceOfTheDataFolder_IsFound()
    {
        var added = await _cosy.RunAsync(["voices", "add", Recording, "--id", "me", "--text", "What is said.", "--data", "data", "--model", Model]);
        Assert.True(added.ExitCode == 0, added.Errors);

        var result = await _cosy.RunAsync(["speak", "Hello.", "-o", "me.wav", "--voice", "me", "--mode", "zero_shot", "--data", "data", "--model", Model]);

        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("voice me", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_Recording_IsAsLongAsItWas()
    {
        var result = await _cosy.RunAsync(["convert", Recording, "-o", "other.wav", "--voice", "my_zero_shot_spk", "--model", Model]);

        Assert.True(result.ExitCode == 0, result.Errors);
        AssertWav(await File.ReadAllBytesAsync(_cosy.File("other.wav")), atLeastSeconds: 1.3);
    }

    [Fact]
    public async Task Convert_VoiceWithoutRecording_IsRefused()
    {
        var result = await _cosy.RunAsync(["convert", Recording, "--voice", "amy"]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("error VOICE_UNSUITABLE: ", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RECORDING_INVALID", "Hello.", "--reference", "nowhere.wav")]
    [InlineData("REQUEST_INVALID", "Hello.", "--emotion", "bored")]
    [InlineData("VOICE_UNKNOWN", "Hello.", "--voice", "nobody")]
    [InlineData("TEXT_EMPTY", "...")]
    [InlineData("REQUEST_INVALID", "Hello.", "--speed", "3")]
    [InlineData("REQUEST_INVALID", "Hello.", "--seed", "0")]
    [InlineData("MODEL_LOAD_FAILED", "Hello.", "--model", "nowhere")]
    [InlineData("REQUEST_INVALID", "Hello.", "-o", "hello.exe")]
    [InlineData("REQUEST_INVALID", "Hello.", "--rate", "11025")]
    [InlineData("REQUEST_INVALID", "Hello.", "--rate", "44100", "-o", "hello.opus")]
    [InlineData("FILE_NOT_WRITTEN", "Hello.", "-o", "no/such/folder.wav")]
    public async Task Speak_BadInput_SaysWhatIsWrongAndWritesNothing(string code, params string[] arguments)
    {
        var result = await _cosy.RunAsync(["speak", .. arguments]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"error {code}: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(" at CosyOrleans.", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cosy.Folder));
    }

    [Theory]
    [InlineData("--threads", "0", "--threads is '0'; it can be 1 to 1024.")]
    [InlineData("--threads", "many", "--threads is 'many'; it can be 1 to 1024.")]
    [InlineData("--sed", "1", "'--sed' is not an option of speak")]
    public async Task Speak_BadOption_IsRefusedBeforeAnythingIsLoaded(string option, string value, string message)
    {
        var result = await _cosy.RunAsync(["speak", "Hello.", option, value]);

        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(message, result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_cosy.Folder));
    }

    public void Dispose() => _cosy.Dispose();

    private static void AssertWav(byte[] wav, double atLeastSeconds)
    {
        Assert.Equal("RIFF", Encoding.ASCII.GetString(wav, 0, 4));
        Assert.Equal(24_000, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(24)));
        var data = wav.AsSpan().IndexOf("data"u8) + 8;
        Assert.Equal(wav.Length - data, BinaryPrimitives.ReadInt32LittleEndian(wav.AsSpan(data - 4)));
        Assert.True(wav.Length - data > 48_000 * atLeastSeconds, $"{wav.Length} bytes");
    }
}
