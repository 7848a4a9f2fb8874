using CosyOrleans.Grains.Client;
using CosyOrleans.Grains.Messages;
using CosyOrleans.Grains.Placement;
using CosyOrleans.Grains.Routing;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Enrolment;
using Orleans.Storage;

namespace CosyOrleans.Grains.Voices;

/// <summary>The voices that the workers' models came with, and those of the cluster's catalogue.</summary>
public sealed class ClusterVoices(ClusterConnection cluster, WorkerDirectory directory, TimeProvider time) : IVoices
{
    public async ValueTask<IReadOnlyList<Voice>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = await ReadAsync(
            grains => grains.GetGrain<IVoiceIndexGrain>(0).GetAll().AsTask(), reader => reader.GetAll(), cancellationToken);
        return Voice.List([.. BuiltIn().OrderBy(voice => voice.Id, StringComparer.Ordinal)], entries.Select(entry => entry.ToVoice()));
    }

    public async ValueTask<VoiceProfile?> FindAsync(string id, int? version, CancellationToken cancellationToken) => VoiceRules.IsId(id)
        ? GrainVoices.Read(await ReadAsync(grains => Grain(grains, id).Get(version).AsTask(), reader => reader.Get(id, version), cancellationToken))
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

    public async ValueTask CheckEnrolmentAsync(CancellationToken cancellationToken) => await RecordedVoice.CheckAsync(EnrolOnWorkerAsync, cancellationToken);

    public async ValueTask<VoiceProfile?> UpdateAsync(string id, VoiceChange change, CancellationToken cancellationToken)
    {
        string[] builtIn = [.. BuiltIn().Select(own => own.Id)];
        VoiceRules.Check(id, change, builtIn);
        var changed = !VoiceRules.IsId(id) ? null
            : change.Id is { } next && next != id ? await RenameAsync(id, next, change, cancellationToken)
            : GrainVoices.Read(await AskAsync(grains => Grain(grains, id).Change(VoiceChangeMessage.From(change)), cancellationToken));
        if (changed is null)
        {
            VoiceRules.CheckNotBuiltIn(id, builtIn);
        }

        return changed;
    }

    public async ValueTask<VoiceProfile?> ExportAsync(string id, CancellationToken cancellationToken) => BuiltIn().Any(own => own.Id == id)
        ? throw new SpeechException(
            SpeechErrorKind.Invalid,
            SpeechErrorCodes.VoiceBuiltIn,
            $"The voice {Quoted.Value(id)} came with the model, whose folder the workers have and the frontends do not.",
            $"Export it where that folder is: cosy voices export {id} --model FOLDER.")
        : await FindAsync(id, null, cancellationToken);

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

    /// <summary>Two grains, one after the other, so that there is the voice at every moment under at least one of the ids.</summary>
    private async Task<VoiceProfile?> RenameAsync(string id, string next, VoiceChange change, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, null, cancellationToken) is not { } present)
        {
            return null;
        }

        var voice = change.ApplyTo(present);
        var message = VoiceMessage.From(voice);
        var stamp = await AskAsync(grains => Grain(grains, next).Create(message), cancellationToken) ?? throw VoiceRules.Taken(next);

        // From here on it is brought to an end, whoever asked for it may have gone.
        if (!await AskAsync(grains => Grain(grains, id).DeleteIfNewest(present.Version), CancellationToken.None))
        {
            // Somebody saved or deleted the old one meanwhile; theirs counts.
            await AskAsync(grains => Grain(grains, next).DeleteIfNewest(stamp.Version), CancellationToken.None);
            throw Conflict(null);
        }

        return voice with { Version = stamp.Version, Created = stamp.Created, Content = voice.Content with { Id = next } };
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

    /// <summary>Asks a grain, and where it does not answer one silo after the other for what it stored.</summary>
    private Task<T> ReadAsync<T>(Func<IGrainFactory, Task<T>> ask, Func<IVoiceReaderGrain, Task<T>> read, CancellationToken cancellationToken) => AskAsync(
        grains => FirstAnswer.OfAsync(
            [
                () => ask(grains),
                .. directory.Workers.Where(worker => !worker.IsSuspect)
                    .DistinctBy(worker => OwnedBySilo.SiloName(worker.Key))
                    .Select(worker => worker.Voices).OfType<IVoiceReaderGrain>()
                    .Select(reader => (Func<Task<T>>)(() => read(reader))),
            ],
            VoiceStorage.Patience,
            time,
            cancellationToken),
        cancellationToken);

    private async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> ask, CancellationToken cancellationToken)
    {
        var grains = cluster.Require();
        try
        {
            return await ask(grains).WaitAsync(cancellationToken);
        }
        catch (InconsistentStateException e)
        {
            throw Conflict(e);
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

    private static SpeechException Conflict(Exception? inner) => new(
        SpeechErrorKind.NotReady,
        SpeechErrorCodes.VoiceConflict,
        "Somebody else changes this voice at the same time.",
        "Look at the voice as it is now, and try again.",
        inner)
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };
}
