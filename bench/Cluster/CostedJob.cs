using System.Text;
using CosyOrleans.Service.Jobs;
using CosyOrleans.Service.Jobs.Input;

namespace CosyOrleans.Bench;

/// <summary>A job that runs in parts, each of which is timed, and is removed with the last of them.</summary>
internal sealed class CostedJob
{
    private readonly IJobs _jobs;
    private readonly string _id;
    private readonly int _items;
    private readonly IAsyncEnumerator<JobEvent> _events;
    private int _done;

    private CostedJob(IJobs jobs, string id, int items, double submitting, IAsyncEnumerable<JobEvent> events)
    {
        (_jobs, _id, _items, Submitting) = (jobs, id, items, submitting);
        _events = events.GetAsyncEnumerator();
    }

    /// <summary>How long it took to hand it in, in microseconds.</summary>
    public double Submitting { get; }

    public static async Task<CostedJob> SubmitAsync(IJobs jobs, JobIntake intake, int items)
    {
        await using var content = new MemoryStream(Encoding.UTF8.GetBytes(
            string.Join('\n', Enumerable.Range(1, items).Select(i => $$"""{"text":"item{{i}}","seed":{{i}}}"""))));
        var begin = TimeProvider.System.GetTimestamp();
        using var order = await intake.ReadAsync(content, lines: true, new JobDefaults(), CancellationToken.None);
        var id = (await jobs.SubmitAsync(order, CancellationToken.None)).Job.Header.Id;
        var submitting = TimeProvider.System.GetElapsedTime(begin).TotalMicroseconds;
        return new CostedJob(jobs, id, items, submitting, (await jobs.EventsAsync(id, null, CancellationToken.None))!);
    }

    /// <summary>Goes on until so many items are done; completes when nothing of the job is under way.</summary>
    /// <returns>Microseconds per item.</returns>
    public async Task<double> RunToAsync(int done)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var before = _done;
        await _jobs.CommandAsync(_id, JobCommand.Resume, CancellationToken.None);
        await ReadAsync(counts => counts.Done >= done);
        if (done < _items)
        {
            await _jobs.CommandAsync(_id, JobCommand.Pause, CancellationToken.None);
            await ReadAsync(counts => counts.Running == 0);
        }

        var cost = TimeProvider.System.GetElapsedTime(begin).TotalMicroseconds / (_done - before);
        if (_done == _items)
        {
            await DeleteAsync();
        }

        return cost;
    }

    public async Task DeleteAsync()
    {
        await _events.DisposeAsync();
        await _jobs.DeleteAsync(_id, CancellationToken.None);
    }

    private async Task ReadAsync(Func<JobCounts, bool> enough)
    {
        while (await _events.MoveNextAsync())
        {
            var counts = _events.Current.Job.Counts;
            _done = counts.Done;
            if (counts.Failed > 0)
            {
                throw new InvalidOperationException($"{counts.Failed} items of {_id} failed.");
            }

            if (enough(counts) && _done < _items)
            {
                return;
            }
        }
    }
}
