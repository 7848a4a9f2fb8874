using System.Runtime.CompilerServices;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Checks;

/// <summary>What the check of speech found in a speech, from the frames that pass on to its listener.</summary>
public sealed class SpeechFindings
{
    private readonly List<SegmentEnd> _ended = [];

    /// <param name="speech">Is disposed with <see cref="Speech"/>.</param>
    public SpeechFindings(Speech speech) => Speech = new Speech(speech.Details, ListenAsync(speech.Frames), speech.DisposeAsync);

    /// <summary>The same speech, to be listened to in place of the other.</summary>
    public Speech Speech { get; }

    /// <summary>The segments that have passed.</summary>
    public IReadOnlyList<SegmentEnd> Segments => _ended;

    /// <summary>
    /// "ok"; "mended=1,3": these segments looked wrong and were made again; "doubtful=2": these look wrong still. Segments count from 1.
    /// </summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. List("mended", _ended.Where(end => end is { IsSecondTry: true, Fault: SpeechFault.None })),
            .. List("doubtful", _ended.Where(end => end.Fault != SpeechFault.None)),
        ];
        return parts.Length == 0 ? "ok" : string.Join("; ", parts);
    }

    private static IEnumerable<string> List(string name, IEnumerable<SegmentEnd> ends)
    {
        var numbers = string.Join(',', ends.Select(end => end.Segment + 1));
        return numbers.Length == 0 ? [] : [$"{name}={numbers}"];
    }

    private async IAsyncEnumerable<AudioFrame> ListenAsync(
        IAsyncEnumerable<AudioFrame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            _ended.AddRange(frame.Ends);
            yield return frame;
        }
    }
}
