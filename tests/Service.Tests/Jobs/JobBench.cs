using System.Text;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Jobs.Local;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Voices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CosyOrleans.Service.Tests.Jobs;

/// <summary>Jobs on a data folder of their own.</summary>
internal sealed class JobBench : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-jobs-");

    public ScriptedSynthesis Scripted { get; } = new();

    public TimerTime Time { get; } = new();

    public JobsOptions Options { get; init; } = new();

    public LocalJobs Jobs { get; private set; } = null!;

    public string Data => _data.FullName;

    public string FolderOf(string id) => Path.Combine(Data, "jobs", id);

    public static async Task<JobBench> StartAsync(JobsOptions? options = null)
    {
        var bench = new JobBench { Options = options ?? new JobsOptions() };
        await bench.RestartAsync();
        return bench;
    }

    /// <summary>Another process over the same folder, the first having ended.</summary>
    public async Task RestartAsync(ISynthesis? synthesis = null)
    {
        if (Jobs is not null)
        {
            await Jobs.DisposeAsync();
        }

        Jobs = new LocalJobs(Data, synthesis ?? Scripted, Time, NullLoggerFactory.Instance);
        await Jobs.StartAsync(goOn: true, default);
    }

    public Task<JobOrder> OrderAsync(string content, bool lines = false, JobDefaults? defaults = null) =>
        OrderAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), lines ? JobInput.JsonLines : JobInput.Json, defaults);

    public async Task<JobOrder> OrderAsync(Stream content, JobInput input, JobDefaults? defaults = null)
    {
        var intake = new JobIntake(LocalJobs.OrdersFolder(Data), Options, new SynthesisOptions(), new Catalogue(), Time);
        return await intake.ReadAsync(content, input, defaults ?? new JobDefaults(), default);
    }

    public async Task<JobSubmission> SubmitAsync(string content, string id = "job", long? inFlight = null)
    {
        using var order = await OrderAsync(content, defaults: new JobDefaults { Id = id, InFlight = inFlight });
        return await Jobs.SubmitAsync(order, default);
    }

    /// <summary>Completes with the state of a job that has ended, or got so far.</summary>
    public async Task<JobStatus> WhenAsync(string id, Func<JobStatus, bool>? reached = null)
    {
        using var patience = new CancellationTokenSource(TestService.Patience);
        JobStatus? last = null;
        await foreach (var happened in (await Jobs.EventsAsync(id, null, patience.Token))!)
        {
            last = happened.Job;
            if (reached?.Invoke(last) == true)
            {
                return last;
            }
        }

        return last!;
    }

    public async Task<IReadOnlyList<JobEntry>> ItemsAsync(string id = "job", JobItemStatus? status = null) =>
        (await Jobs.ItemsAsync(id, 1, int.MaxValue, status, default))!;

    public async ValueTask DisposeAsync()
    {
        await Jobs.DisposeAsync();
        _data.Delete(recursive: true);
    }

    private sealed class Catalogue : IVoices
    {
        public ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken) =>
            new([new Voice("amy", "amy", "tone"), new Voice("ben", "ben", "tone")]);

        public ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<VoiceProfile> EnrolAsync(VoiceProfile described, ReadOnlyMemory<byte> recording, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask CheckEnrolmentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<VoiceProfile?> ExportAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
