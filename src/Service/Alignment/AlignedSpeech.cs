using System.Runtime.CompilerServices;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Alignment;

/// <summary>A speech whose segments and words are timed while it passes on to its listener.</summary>
public sealed class AlignedSpeech
{
    private readonly List<SpokenSegment> _segments = [];

    /// <param name="speech">From its beginning. It is disposed with <see cref="Speech"/>.</param>
    public AlignedSpeech(Speech speech) =>
        Speech = new Speech(speech.Details, ListenAsync(speech.Frames, new SpeechAlignment(speech.Details.SampleRate)), speech.DisposeAsync);

    /// <summary>The same speech, to be listened to in place of the other.</summary>
    public Speech Speech { get; }

    /// <summary>The segments that have passed.</summary>
    public IReadOnlyList<SpokenSegment> Segments => _segments;

    private async IAsyncEnumerable<AudioFrame> ListenAsync(
        IAsyncEnumerable<AudioFrame> frames, SpeechAlignment alignment, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _segments.AddRange(alignment.Add(frame));
            yield return frame;
        }
    }
}
