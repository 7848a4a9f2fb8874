using System.Diagnostics.Metrics;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Files;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using CosyVoice.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Cli;

/// <summary>One file of texts, spoken in this process as a job of the data folder; the same file again is the same job.</summary>
internal sealed class Batch(string path, string output, TextWriter console)
{
    private const int FailuresShown = 100;

    public string? Voice { get; init; }

    public required int InFlight { get; init; }

    public required string Model { get; init; }

    public required int Threads { get; init; }

    /// <summary>What the model computes on.</summary>
    public string Device { get; init; } = ComputeDevices.Processor;

    public required string Data { get; init; }

    /// <summary>What the command says about the job.</summary>
    public JobDefaults Defaults { get; init; } = new();

    public TextReading Reading { get; init; }

    /// <summary>The exit code: 0 when every item is done, 1 when some failed.</summary>
    /// <exception cref="SpeechException">The file, the model or the data folder cannot be used.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var input = JobInputs.OfFile(path) ?? throw NotOffered(path);
        await using var file = File.OpenRead(path);
        var options = new SynthesisOptions { MaxRunning = Math.Min(InFlight, 256), MaxQueued = JobLimits.MaxInFlight, MaxWaitSeconds = 3600 };
        var queue = new SpeechQueue(options, TimeProvider.System);
        using var model = new LocalModel(
            () => EngineModel.Load(Model, Threads, options.MaxRunning, Reading, Device), options, queue, TimeProvider.System, NullLogger<LocalModel>.Instance);
        await using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var instruments = new SynthesisInstruments(meters.GetRequiredService<IMeterFactory>(), queue, model);
        using var voices = VoiceFolder.Open(Data, TimeProvider.System, NullLogger<VoiceFolder>.Instance);
        var shelf = new VoiceShelf(voices, TimeProvider.System);
        var synthesis = new LocalSynthesis(model, queue, options, instruments, TimeProvider.System, NullLogger<LocalSynthesis>.Instance, shelf);
        await using var jobs = new LocalJobs(Data, synthesis, TimeProvider.System, NullLoggerFactory.Instance, InFlight);
        await jobs.StartAsync(goOn: false, cancellation);
        await model.StartAsync(cancellation);

        var intake = new JobIntake(LocalJobs.OrdersFolder(Data), new JobsOptions(), options, new LocalVoices(model, voices), TimeProvider.System);
        using var read = await intake.ReadAsync(file, input, Defaults with { Voice = Voice }, cancellation);
        using var order = read.Named(Id(read.Header.Digest));
        var job = await BeginAsync(jobs, order, cancellation);
        Directory.CreateDirectory(job.Header.Plan is null ? output : Path.GetDirectoryName(Path.GetFullPath(output))!);
        await FollowAsync(jobs, job.Header, cancellation);
        return await FinishAsync(jobs, job.Header, cancellation);
    }

    internal static SpeechException NotOffered(string path) => new(
        SpeechErrorKind.Invalid, SpeechErrorCodes.NotOffered, $"Files of type {Quoted.Value(Path.GetExtension(path))} are not offered.", "Give a .txt, .epub, .csv, .jsonl or .json file.");

    // Decided by the content and how it is read, so that the same file goes on and a changed one begins anew.
    private string Id(string digest)
    {
        var stem = string.Concat(Path.GetFileNameWithoutExtension(path).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(40));
        var end = digest[..16] + (Reading == TextReading.Reference ? "-ref" : "");
        var id = $"{stem}-{end}";
        return JobNames.Fits(id, JobLimits.MaxIdLength) ? id : $"batch-{end}";
    }

    private async Task<JobStatus> BeginAsync(LocalJobs jobs, JobOrder order, CancellationToken cancellation)
    {
        var submission = await jobs.SubmitAsync(order, cancellation);
        var job = submission.Job;
        if (submission.Outcome == JobSubmissionOutcome.Created)
        {
            return job;
        }

        await console.WriteLineAsync($"going on with {job.Header.Id}: {job.Counts.Done} of {job.Counts.Total} items were done already.");
        JobCommand? command = job.Phase switch
        {
            JobPhase.Paused => JobCommand.Resume,
            JobPhase.Running => null,
            _ => JobCommand.Retry,
        };
        return command is { } needed ? (await jobs.CommandAsync(job.Header.Id, needed, cancellation))!.Job : job;
    }

    private async Task FollowAsync(LocalJobs jobs, JobHeader header, CancellationToken cancellation)
    {
        var progress = new BatchProgress(console, header.Items, Console.IsErrorRedirected);
        var events = await jobs.EventsAsync(header.Id, null, cancellation);
        await foreach (var happened in events!.WithCancellation(cancellation))
        {
            progress.Show(happened.Job.Counts);
            if (header.Plan is null && happened.Item is { Status: JobItemStatus.Done } item)
            {
                await DeliverAsync(jobs, header.Id, item.Name, cancellation);
            }

            if (happened.Job.Problem is { } problem)
            {
                progress.Clear();
                throw new SpeechException(SpeechErrorKind.Configuration, JobErrorCodes.DataNotWritten, problem, "Run the same command again to go on.");
            }
        }

        progress.Clear();
    }

    private async Task<int> FinishAsync(LocalJobs jobs, JobHeader header, CancellationToken cancellation)
    {
        var failed = 0;
        for (var from = 1; from <= header.Items; from += JobShards.Size)
        {
            foreach (var entry in (await jobs.ItemsAsync(header.Id, from, JobShards.Size, null, cancellation))!)
            {
                if (entry.State.Status == JobItemStatus.Done && header.Plan is null)
                {
                    await DeliverAsync(jobs, header.Id, entry.Item.Name, cancellation);
                }
                else if (entry.State.Status != JobItemStatus.Done && ++failed <= FailuresShown)
                {
                    var reason = entry.State.Attempts[^1];
                    await console.WriteLineAsync($"item {entry.Item.Number} ({entry.Item.Name}) failed: {reason.Code}: {reason.Message}");
                }
            }
        }

        if (failed > FailuresShown)
        {
            await console.WriteLineAsync($"and {failed - FailuresShown} more failed.");
        }

        if (header.Plan?.Assembly is { } plan)
        {
            return await FinishAssemblyAsync(jobs, header, plan, failed, cancellation);
        }

        await console.WriteLineAsync($"{header.Items - failed} done, {failed} failed; the sounds are in {output}.");
        return failed == 0 ? 0 : 1;
    }

    private async Task<int> FinishAssemblyAsync(LocalJobs jobs, JobHeader header, AssemblyPlan plan, int failed, CancellationToken cancellation)
    {
        var state = (await jobs.FindAsync(header.Id, cancellation))!.Assembly!;
        if (state.Status != AssemblyStatus.Done)
        {
            await console.WriteLineAsync($"{header.Items - failed} done, {failed} failed; no {output}: {state.Code}: {state.Message}");
            return 1;
        }

        foreach (var part in Enum.GetValues<AssemblyPart>())
        {
            await using var content = await jobs.OpenAssemblyAsync(header.Id, part, cancellation) ?? throw new FileNotFoundException("The assembly has gone from the data folder.");
            await DeliverAsync(content, Path.ChangeExtension(output, part.Ending(plan.Format)), cancellation);
        }

        await console.WriteLineAsync($"{header.Items} done; {state.Chapters} chapters, {TimeSpan.FromSeconds(state.Seconds!.Value):d\\.hh\\:mm\\:ss} in {output}.");
        return 0;
    }

    // The job keeps its own; here they appear complete or not at all.
    private async Task DeliverAsync(LocalJobs jobs, string id, string name, CancellationToken cancellation)
    {
        var target = Path.Combine(output, name);
        await using var sound = await jobs.OpenOutputAsync(id, name, cancellation) ?? throw new FileNotFoundException($"{name} has gone from the data folder.");
        await DeliverAsync(sound, target, cancellation);
    }

    private static async Task DeliverAsync(Stream sound, string target, CancellationToken cancellation)
    {
        if (File.Exists(target) && DurableFiles.SameContent(((FileStream)sound).Name, target))
        {
            return;
        }

        var partial = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(target))!, $".{Path.GetFileName(target)}.partial");
        try
        {
            await using (var copy = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                await sound.CopyToAsync(copy, cancellation);
            }

            File.Move(partial, target, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
