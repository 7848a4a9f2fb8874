using System.Runtime.CompilerServices;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Formats;

/// <summary>Samples on their way to an encoding.</summary>
internal static class SoundSamples
{
    public static async IAsyncEnumerable<ReadOnlyMemory<short>> Of(
        IAsyncEnumerable<AudioFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            yield return frame.Samples;
        }
    }

    /// <summary>The same sound at another rate.</summary>
    public static IAsyncEnumerable<ReadOnlyMemory<short>> AtRate(this IAsyncEnumerable<ReadOnlyMemory<short>> samples, int from, int to) =>
        from == to ? samples : Resample(samples, new StreamResampler(from, to));

    private static async IAsyncEnumerable<ReadOnlyMemory<short>> Resample(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, StreamResampler resampler, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var piece in samples.WithCancellation(cancellationToken))
        {
            if (resampler.Add(piece.Span) is { Length: > 0 } made)
            {
                yield return made;
            }
        }

        if (resampler.Finish() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }
}
