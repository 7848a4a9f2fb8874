using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Enrolment;
using Orleans.Storage;

namespace CosyOrleans.Grains.Voices;

/// <summary>The voices that the workers' models came with, and those of the cluster's catalogue.</summary>
public sealed class ClusterVoices(ClusterConnection cluster, WorkerDirectory directory) : IVoices
{
    public async ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = await AskAsync(async grains => await grains.GetGrain<IVoiceIndexGrain>(0).GetAll(), cancellationToken);
        return Voice.List([.. BuiltIn().OrderBy(voice => voice.Id, StringComparer.Ordinal)], entries.Select(entry => entry.ToVoice()));
    }

    public async ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken) => VoiceRules.IsId(id)
        ? GrainVoices.Read(await AskAsync(async grains => await Grain(grains, id).Get(version), cancellationToken))
        : null;

    public async ValueTask<VoiceProfile> SaveAsync(VoiceProfile voice, CancellationToken cancellationToken)
    {
        VoiceRules.Check(voice, BuiltIn().Select(own => own.Id));
        var message = VoiceMessage.From(voice);
        var stamp = await AskAsync(grains => Grain(grains, voice.Id).Save(message), cancellationToken);
        return voice with { Version = stamp.Version, Created = stamp.Created, Content = voice.Content with { Id = voice.Id } };
    }

    public async ValueTask<VoiceProfile> EnrolAsync(VoiceProfile described, ReadOnlyMemory<byte> recording, CancellationToken cancellationToken) => await SaveAsync(
        await RecordedVoice.MakeAsync(described, recording, BuiltIn().Select(own => own.Id), EnrolOnWorkerAsync, cancellationToken), cancellationToken);

    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        // The catalogue may be older than the model and have a voice of the same id; then there is something to delete.
        if (VoiceRules.IsId(id) && await AskAsync(grains => Grain(grains, id).Delete(), cancellationToken))
        {
            return true;
        }

        VoiceRules.CheckNotBuiltIn(id, BuiltIn().Select(voice => voice.Id));
        return false;
    }

    /// <summary>One worker after the other, until one has listened.</summary>
    private async Task<EnrolledVoice> EnrolOnWorkerAsync(string id, ReadOnlyMemory<byte> recording, string transcript, CancellationToken cancellationToken)
    {
        var message = new EnrolMessage(id, transcript, recording.ToArray());
        var asked = new List<string>();
        while (directory.Choose(null, asked) is { } worker)
        {
            asked.Add(worker.Key);
            using var lost = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, worker.Lost);
            try
            {
                var answer = await worker.Grain.Enrol(message, lost.Token).WaitAsync(lost.Token);
                if (answer.Voice?.ToProfile() is { Report: { } report } voice)
                {
                    return new EnrolledVoice(voice.Content, report, voice.ModelKind);
                }

                if (answer.Error?.ToException() is { Kind: not SpeechErrorKind.NotReady } error)
                {
                    throw error;
                }
            }
            catch (Exception e) when (e is not SpeechException && !cancellationToken.IsCancellationRequested)
            {
                // It has gone, or does not answer: another may.
            }
        }

        throw new SpeechException(
            SpeechErrorKind.NotReady,
            SpeechErrorCodes.VoicesUnavailable,
            "No worker of the cluster can listen to recordings at the moment.",
            "Ask again in a few seconds; GET /v1/nodes shows the workers.")
        {
            RetryAfter = TimeSpan.FromSeconds(5),
        };
    }

    private static ISpeakerProfileGrain Grain(IGrainFactory grains, string id) => grains.GetGrain<ISpeakerProfileGrain>(id);

    private IEnumerable<Voice> BuiltIn() => directory.Workers.Select(worker => worker.Status).OfType<Workers.WorkerStatus>()
        .Where(status => status.Model is not null)
        .SelectMany(status => status.BuiltInVoices.Select(id => new Voice(id, id, status.Model!)))
        .DistinctBy(voice => voice.Id);

    private async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> ask, CancellationToken cancellationToken)
    {
        var grains = cluster.Require();
        try
        {
            return await ask(grains).WaitAsync(cancellationToken);
        }
        catch (InconsistentStateException e)
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                SpeechErrorCodes.VoiceConflict,
                "Somebody else changes this voice at the same time.",
                "Look at the voice as it is now, and try again.",
                e)
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
        catch (Exception e) when (e is not (OperationCanceledException or SpeechException))
        {
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                SpeechErrorCodes.VoicesUnavailable,
                "The catalogue of voices does not answer at the moment.",
                "Ask again in a few seconds. A voice that was being saved may have been: look before saving it again.",
                e)
            {
                RetryAfter = TimeSpan.FromSeconds(2),
            };
        }
    }
}
