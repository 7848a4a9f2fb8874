using System.Runtime.CompilerServices;
using CosyOrleans.Grains.Client;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Assembly;
using CosyOrleans.Service.Jobs.Input;
using CosyOrleans.Service.Tenants;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CosyOrleans.Grains.Jobs;

/// <summary>The jobs of a cluster. Any number of frontends may submit and look at the same ones.</summary>
public sealed partial class ClusterJobs(ClusterConnection cluster, JobGrainOptions options, TimeProvider time, ILogger<ClusterJobs> logger) : IJobs
{
    private const int AtOnce = 16;
    private const int Reads = 4;

    private static readonly TimeSpan BeforeFollowingAgain = TimeSpan.FromSeconds(1);

    public Task<JobSubmission> SubmitAsync(JobOrder order, CancellationToken cancellationToken) => AskAsync(async grains =>
    {
        var job = grains.GetGrain<IBatchJobGrain>(order.Header.Id);
        var offer = await job.Offer(order.Header);
        var outcome = (JobSubmissionOutcome)offer.Outcome;
        if (outcome == JobSubmissionOutcome.Conflict)
        {
            return new JobSubmission(outcome, offer.Job);
        }

        if (!offer.Begun)
        {
            await Task.Run(() => order.PlaceCover(JobOutputs.FolderOf(options.DataFolder, order.Header.Id)), cancellationToken);
            // What an earlier submission that was cut off has sent already does not change by being sent again.
            await Parallel.ForEachAsync(
                order.Items().Chunk(JobShards.Size),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (items, _) => await grains.GetJobShard(order.Header.Id, JobShards.Of(items[0].Number)).Put(new Immutable<JobItem[]>(items)));
        }

        return new JobSubmission(outcome, await job.Begin() ?? offer.Job);
    });

    public Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken, async grains =>
    {
        List<JobStatus> jobs = [];
        foreach (var ids in (await grains.GetJobIndex().All()).Chunk(AtOnce))
        {
            var views = await Task.WhenAll(ids.Select(id => grains.GetGrain<IBatchJobGrain>(id).Look()));
            jobs.AddRange(views.OfType<JobView>().Select(view => view.Job));
        }

        return (IReadOnlyList<JobStatus>)[.. jobs.OrderByDescending(job => job.Header.Created)];
    });

    public Task<JobStatus?> FindAsync(string id, CancellationToken cancellationToken) =>
        ReadAsync(cancellationToken, async grains => (await grains.GetGrain<IBatchJobGrain>(id).Look())?.Job);

    public Task<IReadOnlyList<JobEntry>?> ItemsAsync(
        string id, int from, int limit, JobItemStatus? status, CancellationToken cancellationToken) => ReadAsync(cancellationToken, async grains =>
    {
        if (await grains.GetGrain<IBatchJobGrain>(id).Look() is not { } view)
        {
            return null;
        }

        List<JobEntry> entries = [];
        for (var shard = JobShards.Of(from); shard < JobShards.Count(view.Job.Header.Items) && entries.Count < limit; shard++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] running = [.. view.Running.Where(number => JobShards.Of(number) == shard)];
            var query = new JobShardQuery(from, limit - entries.Count, (int?)status, view.Pass, view.Cancelled, running);
            if (status != JobItemStatus.Running || running.Length > 0)
            {
                entries.AddRange((await grains.GetJobShard(id, shard).Find(query)).Value);
            }
        }

        return (IReadOnlyList<JobEntry>?)entries;
    });

    public Task<Stream?> OpenOutputAsync(string id, string name, CancellationToken cancellationToken) => Task.FromResult(
        TenantScope.IsStored(id, JobLimits.MaxIdLength) ? JobOutputs.Of(options.DataFolder, id).Open(name) : null);

    public async Task<Stream?> OpenAssemblyAsync(string id, AssemblyPart part, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { Header.Plan.Assembly: { } plan }
            ? JobAssembly.Open(JobOutputs.FolderOf(options.DataFolder, id), plan, part)
            : null;

    public Task<IAsyncEnumerable<JobEvent>?> EventsAsync(string id, long? after, CancellationToken cancellationToken) =>
        ReadAsync(cancellationToken, async grains => await grains.GetGrain<IBatchJobGrain>(id).Look() is null ? null : FollowAsync(id, after, cancellationToken));

    public Task<JobReply?> CommandAsync(string id, JobCommand command, CancellationToken cancellationToken) =>
        AskAsync(grains => grains.GetGrain<IBatchJobGrain>(id).Command((int)command));

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(grains => grains.GetGrain<IBatchJobGrain>(id).Delete());

    // The stream of an activation ends with it; the job goes on in another, whose events have higher numbers.
    private async IAsyncEnumerable<JobEvent> FollowAsync(string id, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JobStatus? last = null;
        for (var isEnd = false; !isEnd;)
        {
            var before = after;
            var events = cluster.Require().GetGrain<IBatchJobGrain>(id).Events(after, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var isWhole = false; // Ended by itself, not with the silo that told it.
            while (await OrFalseAsync(async () => !(isWhole = !await events.MoveNextAsync()), cancellationToken))
            {
                (after, last) = (events.Current.Id, events.Current.Job);
                yield return events.Current;
            }

            await OrFalseAsync(() => events.DisposeAsync().AsTask().ContinueWith(_ => true, TaskScheduler.Default), cancellationToken);
            isEnd = last?.Phase.IsFinished() == true || await OrFalseAsync(() => IsOverAsync(id, nothingNew: isWhole && before == after), cancellationToken);
            if (!isEnd)
            {
                await Task.Delay(BeforeFollowingAgain, time, cancellationToken);
            }
        }
    }

    private async Task<bool> IsOverAsync(string id, bool nothingNew)
    {
        var job = await FindAsync(id, CancellationToken.None);
        return job is null || (nothingNew && job.Phase.IsFinished());
    }

    private async Task<bool> OrFalseAsync(Func<Task<bool>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogBroken(e.Message);
            return false;
        }
    }

    // The silo that was asked may be gone, which takes a few seconds to be known.
    private Task<T> ReadAsync<T>(CancellationToken cancellationToken, Func<IGrainFactory, Task<T>> ask) => AskAsync(async grains =>
    {
        for (var left = Reads - 1; ; left--)
        {
            try
            {
                return await ask(grains);
            }
            catch (Exception e) when (left > 0 && e is (OrleansException or TimeoutException))
            {
                await Task.Delay(BeforeFollowingAgain, time, cancellationToken);
            }
        }
    });

    private async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> ask)
    {
        try
        {
            return await ask(cluster.Require());
        }
        // What a database throws at a silo arrives here as whatever this process can make of it.
        catch (Exception e) when (e is not (SpeechException or OperationCanceledException))
        {
            LogUnanswered(e);
            throw new SpeechException(
                SpeechErrorKind.NotReady,
                SpeechErrorCodes.NotReady,
                "The cluster does not answer about jobs.",
                "Ask again in a few seconds. Whoever runs the cluster finds out more with ./cosy cluster status.",
                e)
            {
                RetryAfter = BeforeFollowingAgain,
            };
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "The cluster does not answer about jobs")]
    private partial void LogUnanswered(Exception exception);

    [LoggerMessage(1, LogLevel.Warning, "Events of a job broke off and are followed again: {Reason}")]
    private partial void LogBroken(string reason);
}
