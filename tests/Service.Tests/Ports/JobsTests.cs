using System.Globalization;
using System.Text;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Synthesis;
using CosyOrleans.Service.Tests.Jobs;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tests.Ports;

/// <summary>Jobs that tests order and follow through the port.</summary>
public abstract class JobsTests : IAsyncLifetime
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("cosy-port-");

    private protected ScriptedSynthesis Scripted { get; } = new();

    private protected string Data => _data.FullName;

    /// <summary>For whoever runs the jobs.</summary>
    private protected TimeProvider Time { get; } = new HurriedTime();

    private protected abstract IJobs Jobs { get; }

    public abstract Task InitializeAsync();

    public virtual async Task DisposeAsync()
    {
        for (var left = 1000; ; left--)
        {
            try
            {
                _data.Delete(recursive: true);
                return;
            }
            catch (IOException) when (left > 0)
            {
                await Task.Delay(10); // Whoever ran the jobs may be writing a last file.
            }
        }
    }

    private protected async Task<JobSubmission> SubmitAsync(string content, string id = "job", long? inFlight = null)
    {
        using var order = await OrderAsync(content, id, inFlight);
        return await Jobs.SubmitAsync(order, default);
    }

    private protected async Task<JobSubmission> SubmitAsync(Stream content, JobInput input, JobDefaults defaults)
    {
        using var order = await OrderAsync(content, input, defaults);
        return await Jobs.SubmitAsync(order, default);
    }

    private protected Task<JobOrder> OrderAsync(string content, string id = "job", long? inFlight = null) =>
        OrderAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), JobInput.Json, new JobDefaults { Id = id, InFlight = inFlight });

    private protected virtual JobsOptions Options { get; } = new() { PrivateWebhooks = true, PlainWebhooks = true };

    private Task<JobOrder> OrderAsync(Stream content, JobInput input, JobDefaults defaults) =>
        new JobIntake(Path.Combine(Data, "jobs", ".new"), Options, new SynthesisOptions(), new Catalogue(), TimeProvider.System)
            .ReadAsync(content, input, defaults, default);

    /// <summary>Completes with the state of a job that has ended, or got so far.</summary>
    private protected async Task<JobStatus> WhenAsync(Func<JobStatus, bool>? reached = null, string id = "job")
    {
        using var patience = new CancellationTokenSource(Patience);
        JobStatus? last = null;
        await foreach (var happened in (await Jobs.EventsAsync(id, null, patience.Token))!)
        {
            last = happened.Job;
            if (reached?.Invoke(last) == true)
            {
                break;
            }
        }

        return last!;
    }

    private protected async Task<byte[]> OutputAsync(string name, string id = "job")
    {
        await using var output = (await Jobs.OpenOutputAsync(id, name, default))!;
        var bytes = new byte[output.Length];
        await output.ReadExactlyAsync(bytes);
        return bytes;
    }

    private protected static string Many(int count) =>
        $"[{string.Join(',', Enumerable.Range(1, count).Select(n => string.Create(CultureInfo.InvariantCulture, $"\"t{n}\"")))}]";

    private protected async Task WhenBegunAsync(int texts)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Scripted.Attempts.Count < texts)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
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
