namespace CosyOrleans.Client;

/// <summary>
/// Which server is asked next, and when: the next one at once where a server itself is the trouble and there is one that was
/// not asked yet; otherwise the next one after 1, 2 and 4 s, each ± 20 %.
/// </summary>
/// <param name="first">Where to begin; servers follow one another in a circle.</param>
internal sealed class RetryPlan(int servers, int first, Random random)
{
    public const int MostRetries = 3;

    private const double Jitter = 0.2;

    private int _asked = 1;
    private int _retries;

    /// <summary>The one to ask.</summary>
    public int Server { get; private set; } = first % servers;

    /// <summary>How long to wait before the next server is asked; null when enough was tried.</summary>
    public TimeSpan? Next(SpeechClientException failure)
    {
        if (!failure.IsWorthRetrying)
        {
            return null;
        }

        Server = (Server + 1) % servers;
        if (failure.IsOfThisServer && _asked < servers)
        {
            _asked++;
            return TimeSpan.Zero;
        }

        if (_retries == MostRetries)
        {
            return null;
        }

        var wait = TimeSpan.FromSeconds(Math.ScaleB(1, _retries++) * (1 + (Jitter * ((2 * random.NextDouble()) - 1))));
        return failure.RetryAfter > wait && servers == 1 ? failure.RetryAfter : wait;
    }
}
