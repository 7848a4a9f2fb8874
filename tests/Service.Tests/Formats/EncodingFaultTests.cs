using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Tests.Jobs;

namespace CosyOrleans.Service.Tests.Formats;

/// <summary>With programs of ffmpeg's name that do what a test needs.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class EncodingFaultTests : IDisposable
{
    private const string Encoders = "echo ' A....D libmp3lame  MP3'; echo ' V....D libx264  H.264'";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cosy-formats-");
    private readonly TimerTime _time = new();

    private string IdFile => Path.Combine(_folder.FullName, "id");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_NotInstalled_NamesTheProgramAndWhatToInstall()
    {
        var error = await RefusedAsync(AudioFormat.Flac);

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.FormatUnavailable), (error.Kind, error.Code));
        Assert.Contains("Format flac is written by the program ffmpeg, which is not installed", error.Message);
        Assert.Contains("apt-get install ffmpeg", error.Solution);
    }

    [Fact]
    public async Task Open_ProgramWithoutTheEncoder_NamesIt()
    {
        Program("exit 1");

        var error = await RefusedAsync(AudioFormat.Opus);

        Assert.Equal((SpeechErrorKind.Invalid, SpeechErrorCodes.FormatUnavailable), (error.Kind, error.Code));
        Assert.Contains("the encoder libopus", error.Message);
        using var encoder = await Create().OpenAsync(new AudioOutput(AudioFormat.Mp3));
    }

    [Fact]
    public async Task Open_ProgramInstalledLater_IsFound()
    {
        var encoders = Create();
        Assert.NotNull(await encoders.WhyNotAsync(AudioFormat.Mp3));
        Program("exit 1");

        Assert.Null(await encoders.WhyNotAsync(AudioFormat.Mp3));
    }

    [Fact]
    public async Task Open_FileThatIsNoProgram_SaysSo()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "ffmpeg"), "nothing");

        var error = await RefusedAsync(AudioFormat.Mp3);
        Assert.Equal(SpeechErrorCodes.EncodingFailed, error.Code);
        Assert.Contains("cannot be started", error.Message);
        Assert.Contains("cannot be started", (await Create().WhyNotAsync(AudioFormat.Mp3))?.Message);
    }

    [Fact]
    public async Task Open_AllPlacesTaken_IsRefusedUntilOneIsFree()
    {
        Program("exit 1");
        var encoders = Create(new FormatOptions { MaxEncoders = 2 });
        var first = await encoders.OpenAsync(new AudioOutput(AudioFormat.Mp3));
        using var second = await encoders.OpenAsync(new AudioOutput(AudioFormat.Mp3));

        var error = await Assert.ThrowsAsync<SpeechException>(async () => await encoders.OpenAsync(new AudioOutput(AudioFormat.Mp3)));
        Assert.Equal((SpeechErrorKind.Busy, SpeechErrorCodes.ServerBusy), (error.Kind, error.Code));
        Assert.NotNull(error.RetryAfter);
        using (await encoders.OpenAsync(new AudioOutput(AudioFormat.Wav)))
        {
            first.Dispose();
            first.Dispose(); // Twice frees one place.
        }

        using var third = await encoders.OpenAsync(new AudioOutput(AudioFormat.Mp3));
        Assert.Equal(0, encoders.FreePlaces);
    }

    [Fact]
    public async Task Encode_ProgramThatFails_SaysItsReason()
    {
        Program("cat > /dev/null; echo 'Conversion failed!' >&2; exit 3");

        var error = await Assert.ThrowsAsync<SpeechException>(() => EncodeAsync(Tones.Pieces(new short[24000], 480)));

        Assert.Equal((SpeechErrorKind.Internal, SpeechErrorCodes.EncodingFailed), (error.Kind, error.Code));
        Assert.Contains("ffmpeg ended with 3, saying: Conversion failed!", error.Message);
    }

    [Fact]
    public async Task Encode_ProgramThatStopsListening_IsNoSuccess()
    {
        Program("exec 0<&-; echo sound");

        await Assert.ThrowsAsync<SpeechException>(() => EncodeAsync(Tones.Pieces(new short[240_000], 480)));
    }

    [Fact]
    public async Task Encode_ProgramThatComplainsWithoutEnd_IsCutShort()
    {
        Program("cat > /dev/null; head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");

        Assert.InRange((await Assert.ThrowsAsync<SpeechException>(() => EncodeAsync(Tones.Pieces(new short[10], 10)))).Message.Length, 300, 400);
    }

    [Fact]
    public async Task Encode_ProgramThatDoesNothing_IsEndedAfterItsTime()
    {
        Program($"echo $$ > {IdFile}; exec sleep 600");

        var encoding = EncodeAsync(Tones.Pieces(new short[240_000], 480));
        var process = await ProcessAsync();
        Assert.Equal(TimeSpan.FromSeconds(10), await _time.NextAsync());

        Assert.Contains("ffmpeg did nothing for 10 seconds", (await Assert.ThrowsAsync<SpeechException>(() => encoding)).Message);
        await GoneAsync(process);
    }

    [Fact]
    public async Task Encode_ProgramThatHasEverythingAndDoesNotEnd_IsEndedAfterItsTime()
    {
        Program($"echo $$ > {IdFile}; cat > /dev/null; exec sleep 600");

        var encoding = EncodeAsync(Tones.Pieces(new short[480], 480));
        var process = await ProcessAsync();
        while (!encoding.IsCompleted)
        {
            await Task.WhenAny(_time.NextAsync(), encoding);
        }

        await Assert.ThrowsAsync<SpeechException>(() => encoding);
        await GoneAsync(process);
    }

    [Fact]
    public async Task Encode_SpeakerWhoTakesTime_IsNotTheProgramsFault()
    {
        Program("exec cat");
        var (asked, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        async IAsyncEnumerable<ReadOnlyMemory<short>> Slow()
        {
            yield return new short[] { 1 };
            asked.SetResult();
            await going.Task;
            yield return new short[] { 2 };
        }

        using var encoder = await Create().OpenAsync(new AudioOutput(AudioFormat.Mp3));
        await using var pieces = encoder.Encode(Slow(), 24000, whole: false).ReadAsync(default).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        var next = pieces.MoveNextAsync();
        await asked.Task;
        Assert.False(_time.IsAwaited);

        going.SetResult();
        Assert.True(await next);
        Assert.Equal([2, 0], pieces.Current.ToArray());
    }

    [Fact]
    public async Task Encode_SpeechThatFails_IsThatFailureAndTheProgramEnds()
    {
        Program($"echo $$ > {IdFile}; head -c 960; exec sleep 600"); // Not one that ends by itself when nothing more comes.
        async IAsyncEnumerable<ReadOnlyMemory<short>> Failing()
        {
            yield return new short[480];
            await ProcessAsync();
            throw new InvalidOperationException("the model");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => EncodeAsync(Failing()));

        await GoneAsync(await ProcessAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Encode_ListenerWhoLeaves_EndsTheProgramAndTheSpeech(bool cancelled)
    {
        Program($"echo $$ > {IdFile}; head -c 960; exec sleep 600"); // Not one that ends by itself when nothing more comes.
        var ended = false;
        async IAsyncEnumerable<ReadOnlyMemory<short>> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
        {
            try
            {
                yield return new short[480];
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                ended = true;
            }
        }

        using var encoder = await Create().OpenAsync(new AudioOutput(AudioFormat.Mp3));
        using var leaving = new CancellationTokenSource();
        var pieces = encoder.Encode(Endless(), 24000, whole: false).ReadAsync(leaving.Token).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        if (cancelled)
        {
            var next = pieces.MoveNextAsync();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        }

        await pieces.DisposeAsync();

        Assert.True(ended);
        await GoneAsync(await ProcessAsync());
    }

    private AudioEncoders Create(FormatOptions? options = null) => new(options ?? new FormatOptions(), _time, _folder.FullName);

    private async Task<SpeechException> RefusedAsync(AudioFormat format) =>
        await Assert.ThrowsAsync<SpeechException>(async () => await Create().OpenAsync(new AudioOutput(format)));

    private async Task EncodeAsync(IAsyncEnumerable<ReadOnlyMemory<short>> samples)
    {
        using var encoder = await Create().OpenAsync(new AudioOutput(AudioFormat.Mp3));
        await encoder.Encode(samples, 24000, whole: true).ReadAllAsync(default);
    }

    private void Program(string script)
    {
        var path = Path.Combine(_folder.FullName, "ffmpeg");
        File.WriteAllText(path, $"#!/bin/sh\ncase \"$*\" in *-encoders*) {Encoders}; exit;; esac\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string> ProcessAsync()
    {
        using var patience = new CancellationTokenSource(TestService.Patience);
        while (!File.Exists(IdFile) || (await File.ReadAllTextAsync(IdFile)).Length == 0)
        {
            await Task.Delay(5, patience.Token);
        }

        return (await File.ReadAllTextAsync(IdFile)).Trim();
    }

    private static async Task GoneAsync(string process)
    {
        using var patience = new CancellationTokenSource(TestService.Patience);
        while (Directory.Exists($"/proc/{process}"))
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
