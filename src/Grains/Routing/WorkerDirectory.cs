using System.Collections.Concurrent;

namespace CosyOrleans.Grains.Routing;

/// <summary>All workers that are known here, and the choice among them.</summary>
public sealed class WorkerDirectory(Random random)
{
    /// <summary>
    /// Seconds of work that going to a worker with the voice at hand may cost more than going to one that has to fetch
    /// it first.
    /// </summary>
    internal const double AffinitySeconds = 0.5;

    private readonly ConcurrentDictionary<string, Worker> _workers = [];
    private readonly Lock _random = new();

    public ICollection<Worker> Workers => _workers.Values;

    public void Add(Worker worker) => _workers[worker.Key] = worker;

    /// <summary>Removes this worker, not one that has come under its key since.</summary>
    public void Remove(Worker worker) => _workers.TryRemove(KeyValuePair.Create(worker.Key, worker));

    /// <summary>
    /// The less loaded of two available workers drawn at random, which spreads load almost as well as asking all and
    /// never sends everybody to the one that looked best a moment ago (Mitzenmacher, The Power of Two Choices); one that
    /// has the voice is preferred as long as it is not much busier. Whoever has a place goes before whoever has a line,
    /// however fast that line moves. Null when none is available.
    /// </summary>
    /// <param name="exclude">Keys of workers not to choose.</param>
    public Worker? Choose(string? voice, IReadOnlyCollection<string> exclude)
    {
        Worker[] available = [.. Available(exclude)];
        if (available.Any(worker => worker.HasPlace))
        {
            available = [.. available.Where(worker => worker.HasPlace)];
        }

        var any = LeastOfTwo(available, worker => worker.Load);
        var holder = LeastOfTwo([.. available.Where(worker => worker.Holds(voice))], worker => worker.Load);
        return holder is not null && holder.Load <= any!.Load + AffinitySeconds ? holder : any;
    }

    /// <summary>
    /// A worker to go on with a speech that somebody is listening to: one that computes the same samples, as long as there is any;
    /// one that has the voice, because whoever keeps the voices may just have been lost as well; and of those the less crowded
    /// of two. Null when none is available.
    /// </summary>
    /// <param name="fingerprint">Of the worker that was heard last; null: nobody was, or it is not known.</param>
    /// <param name="exclude">Keys of workers not to choose.</param>
    public Worker? ChooseToGoOn(string? voice, string? fingerprint, IReadOnlyCollection<string> exclude)
    {
        Worker[] available = [.. Available(exclude)];
        if (available.Any(worker => worker.SoundsLike(fingerprint)))
        {
            available = [.. available.Where(worker => worker.SoundsLike(fingerprint))];
        }

        Worker[] holders = [.. available.Where(worker => worker.Holds(voice))];
        return LeastOfTwo(holders.Length > 0 ? holders : available, worker => worker.Crowd);
    }

    private IEnumerable<Worker> Available(IReadOnlyCollection<string> exclude) =>
        _workers.Values.Where(worker => worker.IsAvailable && !exclude.Contains(worker.Key));

    private Worker? LeastOfTwo(Worker[] workers, Func<Worker, double> measure)
    {
        if (workers.Length == 0)
        {
            return null;
        }

        var (first, second) = Draw(workers.Length);
        return measure(workers[first]) <= measure(workers[second]) ? workers[first] : workers[second];
    }

    private (int First, int Second) Draw(int count)
    {
        if (count == 1)
        {
            return (0, 0);
        }

        lock (_random)
        {
            var first = random.Next(count);
            return (first, (first + 1 + random.Next(count - 1)) % count);
        }
    }
}
