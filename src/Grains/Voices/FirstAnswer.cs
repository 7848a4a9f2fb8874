namespace CosyOrleans.Grains.Voices;

/// <summary>Asks one after the other until one answers.</summary>
internal static class FirstAnswer
{
    /// <summary>The first answer there is.</summary>
    /// <param name="ways">At least one. Each is tried once those before it have failed, or have not answered for the patience.</param>
    /// <exception cref="Exception">All have failed: what the last one said.</exception>
    public static async Task<T> OfAsync<T>(
        IReadOnlyList<Func<Task<T>>> ways, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var open = new List<Task<T>>();
        for (var next = 0; ; next++)
        {
            if (next < ways.Count)
            {
                open.Add(TryAsync(ways[next]));
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var limit = Task.Delay(next < ways.Count - 1 ? patience : Timeout.InfiniteTimeSpan, time, enough.Token);
            var first = await Task.WhenAny([.. open, limit]);
            await enough.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var done in open.Where(task => task.IsCompleted).ToArray())
            {
                if (done.IsCompletedSuccessfully || (open.Count == 1 && next >= ways.Count - 1))
                {
                    Forget(open);
                    return await done;
                }

                open.Remove(done);
            }
        }
    }

    // A line that was just closed fails before there is anything to wait for.
    private static async Task<T> TryAsync<T>(Func<Task<T>> way) => await way();

    // Whatever else becomes of them, nobody waits for it.
    private static void Forget<T>(IEnumerable<Task<T>> tasks)
    {
        foreach (var task in tasks)
        {
            _ = task.ContinueWith(static failed => failed.Exception, TaskContinuationOptions.OnlyOnFaulted);
        }
    }
}
