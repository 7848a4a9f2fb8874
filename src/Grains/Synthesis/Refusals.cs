using CosyOrleans.Service.Errors;

namespace CosyOrleans.Grains.Synthesis;

/// <summary>Who said no a moment ago, and what they said.</summary>
internal sealed class Refusals
{
    // Long enough to ask the others first, short enough to come back when all are full.
    private const int RememberedTicks = 20;

    private readonly Dictionary<string, (SpeechException Error, int TicksLeft)> _refusals = [];

    /// <summary>Keys of the workers.</summary>
    public IEnumerable<string> Keys => _refusals.Keys;

    /// <summary>The refusal that promises the shortest wait; null without any.</summary>
    public SpeechException? Kindest =>
        _refusals.Values.Select(refusal => refusal.Error).MinBy(error => error.RetryAfter ?? TimeSpan.MaxValue);

    public void Add(string worker, SpeechException error) => _refusals[worker] = (error, RememberedTicks);

    public void CountTick()
    {
        foreach (var (worker, (error, ticks)) in _refusals.ToArray())
        {
            if (ticks == 1)
            {
                _refusals.Remove(worker);
            }
            else
            {
                _refusals[worker] = (error, ticks - 1);
            }
        }
    }
}
