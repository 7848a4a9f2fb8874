using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Jobs;

public sealed class JobOutputsTests : IDisposable
{
    private readonly DirectoryInfo _job = Directory.CreateTempSubdirectory("cosy-outputs-");
    private readonly JobItem _item = new() { Number = 1, Name = "a.wav", Text = "a", Seed = 1, Format = AudioFormat.Wav };

    [Fact]
    public async Task Write_BeginsBeforeTheEndOfTheJob_LeavesNothing()
    {
        var outputs = new JobOutputs(_job.FullName);
        outputs.Begin(default);

        var e = await Assert.ThrowsAsync<SpeechException>(() => WriteAsync(outputs, afterFirst: outputs.End));

        Assert.Equal(JobErrorCodes.OutputNotWritten, e.Code);
        Assert.Null(outputs.Find(_item));
        Assert.False(Directory.Exists(Path.Combine(_job.FullName, "unfinished")));
    }

    [Fact]
    public async Task Write_AfterTheEndOfTheJob_IsRefused()
    {
        var outputs = new JobOutputs(_job.FullName);
        outputs.Begin(default);
        outputs.End();

        var e = await Assert.ThrowsAsync<SpeechException>(() => WriteAsync(outputs, afterFirst: () => { }));

        Assert.Equal(JobErrorCodes.OutputNotWritten, e.Code);
        Assert.Empty(Directory.EnumerateFiles(_job.FullName, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Begin_RemovesOnlyWhatNobodyWritesAnyMore()
    {
        var outputs = new JobOutputs(_job.FullName);
        outputs.Begin(default);
        var unfinished = Path.Combine(_job.FullName, "unfinished");
        await File.WriteAllTextAsync(Path.Combine(unfinished, "old"), "half");
        await File.WriteAllTextAsync(Path.Combine(unfinished, "new"), "half");
        File.SetLastWriteTimeUtc(Path.Combine(unfinished, "old"), DateTime.UnixEpoch);

        outputs.Begin(DateTimeOffset.UnixEpoch.AddHours(1));

        Assert.Equal("new", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(unfinished))));
    }

    public void Dispose() => _job.Delete(recursive: true);

    private async Task WriteAsync(JobOutputs outputs, Action afterFirst)
    {
        using var encoder = await new AudioEncoders(new FormatOptions(), TimeProvider.System).OpenAsync(new AudioOutput(AudioFormat.Wav));
        await outputs.WriteAsync(_item, encoder.Encode(Speech(afterFirst), whole: true), default);
    }

    private static Speech Speech(Action afterFirst)
    {
        return new Speech(new SpeechDetails("t", "amy", 1, 24000), FramesAsync(), () => ValueTask.CompletedTask);

        async IAsyncEnumerable<AudioFrame> FramesAsync()
        {
            await Task.CompletedTask;
            yield return new AudioFrame(0, 0, new short[10], []);
            afterFirst();
            yield return new AudioFrame(0, 0, new short[10], []);
        }
    }
}
