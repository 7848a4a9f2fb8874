using CosyVoice.Audio;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Re-cuts the engine's chunks, of any length, into numbered frames of one length.</summary>
internal sealed class FrameCutter(int frameSamples)
{
    private short[] _frame = new short[frameSamples];
    private int _filled;
    private long _number;
    private List<SegmentTokens> _tokens = [];

    /// <summary>Samples taken in so far.</summary>
    public long Received { get; private set; }

    /// <summary>The frames that the chunk completes.</summary>
    public IEnumerable<AudioFrame> Add(AudioChunk chunk)
    {
        if (chunk.SampleOffset != Received)
        {
            throw new InvalidOperationException($"A chunk starts at sample {chunk.SampleOffset} where {Received} was due.");
        }

        if (chunk.SpeechTokens.Count > 0)
        {
            _tokens.Add(new SegmentTokens(chunk.Segment, chunk.SpeechTokens));
        }

        Received += chunk.Samples.Length;
        return Cut(chunk.Samples);
    }

    /// <summary>What is left at the end, if anything.</summary>
    public IEnumerable<AudioFrame> Finish()
    {
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
        var frame = new AudioFrame(_number, _number * frameSamples, _frame.AsMemory(0, _filled), _tokens);
        _number++;
        _frame = new short[frameSamples];
        _filled = 0;
        _tokens = [];
        return frame;
    }
}
