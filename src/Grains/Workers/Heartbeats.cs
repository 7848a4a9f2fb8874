using System.Runtime.CompilerServices;
using CosyOrleans.Grains.Messages;

namespace CosyOrleans.Grains.Workers;

/// <summary>Fills the pauses of a stream of parts, so that silence means that something is wrong.</summary>
internal static class Heartbeats
{
    /// <summary>The longest time between two parts, 50 ms.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async IAsyncEnumerable<SpeechPart> WithHeartbeats(
        this IAsyncEnumerable<SpeechPart> parts, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var enumerator = parts.GetAsyncEnumerator(cancellationToken);
        var next = enumerator.MoveNextAsync();
        while (true)
        {
            if (!next.IsCompleted)
            {
                var pending = next.AsTask();
                next = new ValueTask<bool>(pending);
                // A cancelled stream ends by itself, within one step of the model; it cannot be disposed of before.
                while (!cancellationToken.IsCancellationRequested
                    && await Task.WhenAny(pending, Task.Delay(Interval, time, cancellationToken)) != pending)
                {
                    yield return SpeechPart.Heartbeat;
                }
            }

            if (!await next)
            {
                yield break;
            }

            yield return enumerator.Current;
            next = enumerator.MoveNextAsync();
        }
    }
}
