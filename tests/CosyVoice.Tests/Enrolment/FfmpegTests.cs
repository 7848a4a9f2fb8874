using CosyVoice.Audio;
using CosyVoice.Enrolment;

namespace CosyVoice.Tests.Enrolment;

/// <summary>With programs of the same name that do what a test needs.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FfmpegTests : IDisposable
{
    private static readonly byte[] Compressed = [.. "ID3"u8, .. new byte[300_000]];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Decode_NotInstalled_SaysWhatItIsAndWhatToDo()
    {
        var error = await Assert.ThrowsAsync<AudioFormatException>(() => new Ffmpeg(_folder.Path).DecodeAsync(Compressed, default));

        Assert.Contains("an MP3 file; without ffmpeg", error.Message);
        Assert.Contains("WAV", error.Solution);
    }

    [Fact]
    public async Task Decode_WithProgram_FeedsTheFileAndReadsTheWav()
    {
        var (input, arguments, wav) = (Path.Combine(_folder.Path, "input"), Path.Combine(_folder.Path, "arguments"), Path.Combine(_folder.Path, "wav"));
        File.WriteAllBytes(wav, Voices.ToWav(Voices.Speak(2)));

        var recording = await Program($"""cat > {input}; for a in "$@"; do echo "$a" >> {arguments}; done; cat {wav}""").DecodeAsync(Compressed, default);

        Assert.Equal(2, recording.Seconds);
        Assert.Equal(Compressed, File.ReadAllBytes(input));
        Assert.Contains("-protocol_whitelist\npipe,cache\n", File.ReadAllText(arguments));
    }

    [Fact]
    public async Task Decode_ProgramThatStopsListening_IsNoError()
    {
        var wav = Path.Combine(_folder.Path, "wav");
        File.WriteAllBytes(wav, Voices.ToWav(Voices.Speak(2)));

        Assert.Equal(2, (await Program($"exec 0<&-; cat {wav}").DecodeAsync(Compressed, default)).Seconds);
    }

    [Fact]
    public async Task Decode_ProgramThatRefuses_SaysItsReason()
    {
        var program = Program("cat > /dev/null; echo '[mp3 @ 0x1dd0c00] Invalid data found' >&2; exit 1");

        Assert.Contains("(an MP3 file): Invalid data found.", (await Assert.ThrowsAsync<AudioFormatException>(() => program.DecodeAsync(Compressed, default))).Message);
    }

    [Fact]
    public async Task Decode_ProgramThatHangs_IsKilled()
    {
        var id = Path.Combine(_folder.Path, "id");
        var program = Program($"echo $$ > {id}; exec sleep 600", TimeSpan.FromSeconds(0.5));

        Assert.Contains("took more than 0.5 seconds", (await Assert.ThrowsAsync<AudioFormatException>(() => program.DecodeAsync(Compressed, default))).Message);
        var process = int.Parse(File.ReadAllText(id));
        for (var round = 0; round < 1000 && Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal); round++)
        {
            await Task.Delay(10);
        }

        Assert.False(Directory.Exists($"/proc/{process}") && !File.ReadAllText($"/proc/{process}/stat").Contains(") Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decode_EndlessOutput_IsCut()
    {
        var error = await Assert.ThrowsAsync<AudioFormatException>(() => Program("exec cat /dev/zero").DecodeAsync(Compressed, default));

        Assert.Contains("more than 64 MB", error.Message);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFB, 0x90 }, "an MP3 file")]
    [InlineData(new byte[] { 0xFF, 0xF1, 0x50 }, "an AAC file")]
    [InlineData(new byte[] { 0x4F, 0x67, 0x67, 0x53 }, "an Ogg file")]
    [InlineData(new byte[] { 0x66, 0x4C, 0x61, 0x43 }, "a FLAC file")]
    [InlineData(new byte[] { 0, 0, 0, 0x20, 0x66, 0x74, 0x79, 0x70, 0x4D }, "an MP4 file")]
    [InlineData(new byte[] { 0x1A, 0x45, 0xDF, 0xA3 }, "a WebM file")]
    [InlineData(new byte[] { 1 }, "of an unknown format")]
    public void Describe_FirstBytes_AreNamed(byte[] file, string expected) => Assert.Equal(expected, SoundFormat.Describe(file));

    private Ffmpeg Program(string script, TimeSpan? limit = null)
    {
        var path = _folder.Write("ffmpeg", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new Ffmpeg(_folder.Path) { TimeLimit = limit ?? TimeSpan.FromSeconds(20) };
    }
}
