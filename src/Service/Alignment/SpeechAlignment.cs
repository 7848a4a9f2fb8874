using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Alignment;

/// <summary>
/// Finds out when what was said, from the frames of a speech as they pass: the segments from their samples, exactly, and their
/// words by an estimate (<see cref="WordTimes"/>). Keeps as much as one segment has.
/// </summary>
/// <param name="sampleRate">Of the frames.</param>
public sealed class SpeechAlignment(int sampleRate)
{
    private readonly LoudnessTrack _loudness = new(sampleRate);
    private long _begin;

    /// <summary>The segments that end in this frame. Frames must come in order, none left out.</summary>
    public IReadOnlyList<SpokenSegment> Add(AudioFrame frame)
    {
        _loudness.Add(frame.Samples.Span);
        if (frame.Ends.Count == 0)
        {
            return [];
        }

        List<SpokenSegment> ended = [];
        foreach (var end in frame.Ends)
        {
            var words = WordTimes.Estimate(end.Text, _begin, end.SampleOffset, _loudness);
            ended.Add(new SpokenSegment(end.Segment, end.Text, Seconds(_begin), Seconds(end.SampleOffset), words));
            _begin = end.SampleOffset;
        }

        _loudness.ForgetBefore(_begin);
        return ended;
    }

    private double Seconds(long samples) => (double)samples / sampleRate;
}
