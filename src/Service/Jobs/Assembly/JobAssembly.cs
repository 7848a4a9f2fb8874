using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Jobs.Input;
using Microsoft.Extensions.Logging;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>
/// Makes one sound of all items of a job, with subtitles beside it, in its folder assembly/: each file appears complete or not at
/// all, and state.json when all are there. What a crash interrupts is made again, of the same bytes.
/// </summary>
/// <param name="folder">Of the job.</param>
/// <param name="changed">Called after each change of the state.</param>
public sealed partial class JobAssembly(
    string folder, JobHeader header, AssemblyPlan plan, AudioEncoders encoders, TimeProvider time, Action changed, ILogger logger)
{
    private const string StateName = "state.json";

    private readonly JobOutputs _outputs = new(folder);
    private readonly string _folder = Path.Combine(folder, "assembly");
    private AssemblyState? _state;

    /// <summary>What a job that is in a phase has of it.</summary>
    public AssemblyState StateIn(JobPhase phase)
    {
        var state = _state ??= Load();
        return phase == JobPhase.Cancelled && state.Status is AssemblyStatus.Pending or AssemblyStatus.Running
            ? new AssemblyState(AssemblyStatus.Failed) { Code = JobErrorCodes.JobCancelled, Message = "The job was cancelled before the assembly was made." }
            : state;
    }

    /// <summary>A file of a job's assembly that is there, for reading; it can seek.</summary>
    public static Stream? Open(string folder, AssemblyPlan plan, AssemblyPart part)
    {
        try
        {
            return new FileStream(
                NameOf(Path.Combine(folder, "assembly"), plan, part), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Returns when it is made, or has failed for good, which is its state then.</summary>
    /// <param name="store">Knows the items, all of which have ended.</param>
    /// <exception cref="OperationCanceledException">It is pending still.</exception>
    public async Task RunAsync(IJobStore store, CancellationToken stop)
    {
        if (StateIn(JobPhase.Running).Status == AssemblyStatus.Done)
        {
            return;
        }

        try
        {
            for (var failed = 0; !await TryAsync(store, () => ++failed, stop);)
            {
            }
        }
        catch (OperationCanceledException)
        {
            Enter(new AssemblyState(AssemblyStatus.Pending));
            throw;
        }
    }

    /// <summary>True when nothing is left to do; otherwise the pause before the next attempt is over.</summary>
    private async Task<bool> TryAsync(IJobStore store, Func<int> count, CancellationToken stop)
    {
        TimeSpan pause;
        try
        {
            Enter(new AssemblyState(AssemblyStatus.Running));
            Enter(await MakeAsync(store, stop), stored: true);
            return true;
        }
        catch (SpeechException e) when (JobRetries.Wait(e) is { } wait)
        {
            pause = wait;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var error = e as SpeechException ?? (e is IOException or UnauthorizedAccessException
                ? DurableFiles.NotWritten(JobErrorCodes.OutputNotWritten, "The assembly", e)
                : SpeechException.Internal(e));
            LogFailed(e, header.Id, error.Code);
            if (JobRetries.Delay(error, count(), 0) is not { } delay)
            {
                Enter(new AssemblyState(AssemblyStatus.Failed) { Code = error.Code, Message = $"{error.Message} {error.Solution}" }, stored: true);
                return true;
            }

            pause = delay;
        }

        await Task.Delay(pause, time, stop);
        return false;
    }

    private async Task<AssemblyState> MakeAsync(IJobStore store, CancellationToken stop)
    {
        Directory.CreateDirectory(_folder);
        var partial = _outputs.PartialPath();
        (string Srt, string Vtt, string Sound, string About) paths = ($"{partial}.srt", $"{partial}.vtt", $"{partial}.sound", $"{partial}.about");
        try
        {
            AssemblyTimeline timeline;
            using (var subtitles = new Subtitles(paths.Srt, paths.Vtt))
            {
                timeline = await AssemblyTimeline.ReadAsync(
                    EntriesAsync(store, stop), header, plan, _outputs, (item, start, end, rate) => subtitles.Add(item.Text, start, end, rate));
                subtitles.Flush();
            }

            await WriteAsync(store, timeline, paths.Sound, paths.About, stop);
            var bytes = new FileInfo(paths.Sound).Length;
            stop.ThrowIfCancellationRequested();
            Place(paths.Srt, AssemblyPart.Srt);
            Place(paths.Vtt, AssemblyPart.Vtt);
            Place(paths.Sound, AssemblyPart.Sound);
            DurableFiles.FlushFolder(_folder);
            return new AssemblyState(AssemblyStatus.Done)
            {
                Bytes = bytes, Seconds = (double)timeline.Samples / timeline.Rate, Chapters = timeline.Chapters.Count,
            };
        }
        finally
        {
            DurableFiles.TryDelete(paths.Srt);
            DurableFiles.TryDelete(paths.Vtt);
            DurableFiles.TryDelete(paths.Sound);
            DurableFiles.TryDelete(paths.About);
        }
    }

    private async Task WriteAsync(IJobStore store, AssemblyTimeline timeline, string path, string about, CancellationToken stop)
    {
        if (plan.Format == AssemblyFormat.Wav)
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
            await file.WriteAsync(WavAssembly.Header(timeline, plan), stop);
            await foreach (var piece in SamplesAsync(store, timeline, stop))
            {
                await file.WriteAsync(PlainEncoding.LittleEndian(piece.Span), stop);
            }

            file.Flush(flushToDisk: true);
            return;
        }

        await File.WriteAllTextAsync(about, FfmpegAssembly.About(timeline, plan), new UTF8Encoding(false), stop);
        var given = Path.Combine(folder, JobOrder.CoverName);
        var cover = File.Exists(given) ? given : null;
        try
        {
            await EncodeAsync(cover);
        }
        catch (SpeechException e) when (cover is not null && e.Code == SpeechErrorCodes.EncodingFailed)
        {
            // It may be the picture, which anybody may have drawn.
            await EncodeAsync(null);
        }

        using var written = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        written.Flush(flushToDisk: true);

        Task EncodeAsync(string? picture) => encoders.WriteFileAsync(
            FfmpegAssembly.Codec(plan.Format), FfmpegAssembly.Arguments(plan.Format, timeline.Rate, about, picture, path), SamplesAsync(store, timeline, stop), stop);
    }

    private async IAsyncEnumerable<ReadOnlyMemory<short>> SamplesAsync(
        IJobStore store, AssemblyTimeline timeline, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var entry in EntriesAsync(store, stop))
        {
            if (entry.Item.Number > 1)
            {
                yield return new short[AssemblyTimeline.PauseBefore(entry.Item, plan, timeline.Rate)];
            }

            await foreach (var piece in ItemSound.Open(_outputs.PathOf(entry.Item.Name)).ReadAtAsync(timeline.Rate, stop))
            {
                yield return piece;
            }
        }
    }

    private async IAsyncEnumerable<JobEntry> EntriesAsync(IJobStore store, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var shard = 0; shard < JobShards.Count(header.Items); shard++)
        {
            foreach (var entry in await store.ReadAllAsync(shard, stop))
            {
                yield return entry;
            }
        }
    }

    private AssemblyState Load()
    {
        try
        {
            return JsonSerializer.Deserialize<AssemblyState>(File.ReadAllBytes(Path.Combine(_folder, StateName)), JobJson.Options)!;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // A crash came before it, or while it was written: it is made once more.
            return new AssemblyState(AssemblyStatus.Pending);
        }
    }

    private void Enter(AssemblyState state, bool stored = false)
    {
        if (stored)
        {
            Directory.CreateDirectory(_folder);
            DurableFiles.WriteAll(Path.Combine(_folder, StateName), JsonSerializer.SerializeToUtf8Bytes(state, JobJson.Options));
            DurableFiles.FlushFolder(_folder);
        }

        _state = state;
        changed();
    }

    // An earlier one was never said to be done, and may be another program's work.
    private void Place(string partial, AssemblyPart part) => File.Move(partial, NameOf(_folder, plan, part), overwrite: true);

    private static string NameOf(string folder, AssemblyPlan plan, AssemblyPart part) => Path.Combine(folder, $"assembly.{part.Ending(plan.Format)}");

    [LoggerMessage(1, LogLevel.Warning, "The assembly of job {JobId} failed with {Code}")]
    private partial void LogFailed(Exception exception, string jobId, string code);
}
