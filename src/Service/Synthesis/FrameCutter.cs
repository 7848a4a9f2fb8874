using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.State;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Re-cuts the engine's chunks, of any length, into numbered frames of one length.</summary>
/// <param name="frameSamples">Samples of a frame.</param>
/// <param name="resume">What the listener already has, which is left out; null when nothing.</param>
internal sealed class FrameCutter(int frameSamples, SpeechResumption? resume = null)
{
    private readonly long _had = resume?.SampleOffset ?? 0;
    private short[] _frame = new short[frameSamples];
    private int _filled;
    private long _number = resume?.FrameNumber ?? 0;
    private List<SegmentTokens> _tokens = [];
    private readonly Queue<SegmentEnd> _ends = []; // As the checkpoints.
    private readonly Queue<SpeechCheckpoint> _checkpoints = []; // Behind what was cut so far.

    /// <summary>Samples of the speech up to here, whoever made them.</summary>
    public long Received { get; private set; } = resume?.Checkpoint?.SampleOffset ?? 0;

    /// <summary>The frames that the chunk completes.</summary>
    public IEnumerable<AudioFrame> Add(AudioChunk chunk)
    {
        if (chunk.SampleOffset != Received)
        {
            throw new InvalidOperationException($"A chunk starts at sample {chunk.SampleOffset} where {Received} was due.");
        }

        Received += chunk.Samples.Length;
        if (chunk.Checkpoint is { } checkpoint)
        {
            _checkpoints.Enqueue(checkpoint);
        }

        if (chunk.Ended is { } ended && Received > _had)
        {
            _ends.Enqueue(new SegmentEnd(chunk.Segment, Received, ended.Text) { Fault = ended.Fault, IsSecondTry = ended.IsSecondTry });
        }

        if (chunk.SampleOffset < _had)
        {
            return Cut(chunk.Samples[(int)Math.Min(_had - chunk.SampleOffset, chunk.Samples.Length)..]);
        }

        if (chunk.SpeechTokens.Count > 0)
        {
            _tokens.Add(new SegmentTokens(chunk.Segment, chunk.SpeechTokens));
        }

        return Cut(chunk.Samples);
    }

    /// <summary>What is left at the end, if anything.</summary>
    /// <exception cref="StateException">The listener is said to have more than there is.</exception>
    public IEnumerable<AudioFrame> Finish()
    {
        if (_had >= Received + frameSamples) // The last frame may have been short.
        {
            throw new StateException($"The speech ends after {Received} samples, and {_had} are said to be had.");
        }

        if (_filled > 0)
        {
            yield return Take();
        }
    }

    private IEnumerable<AudioFrame> Cut(ReadOnlyMemory<float> samples)
    {
        while (!samples.IsEmpty)
        {
            var count = Math.Min(samples.Length, frameSamples - _filled);
            Pcm16.FromFloats(samples.Span[..count], _frame.AsSpan(_filled));
            _filled += count;
            samples = samples[count..];
            if (_filled == frameSamples)
            {
                yield return Take();
            }
        }
    }

    private AudioFrame Take()
    {
        SpeechCheckpoint? newest = null;
        var end = (_number * frameSamples) + _filled;
        while (_checkpoints.TryPeek(out var checkpoint) && checkpoint.SampleOffset <= end)
        {
            newest = _checkpoints.Dequeue();
        }

        List<SegmentEnd> ends = [];
        while (_ends.TryPeek(out var next) && next.SampleOffset <= end)
        {
            ends.Add(_ends.Dequeue());
        }

        var frame = new AudioFrame(_number, _number * frameSamples, _frame.AsMemory(0, _filled), _tokens, newest) { Ends = ends };
        _number++;
        _frame = new short[frameSamples];
        _filled = 0;
        _tokens = [];
        return frame;
    }
}
