using System.Threading.Channels;

namespace CosyVoice.Engine;

/// <summary>One request while the engine works on it. The loop writes, one listener reads.</summary>
internal sealed class SpeechRun
{
    /// <summary>Seconds of unread sound at which the engine stops making more of it.</summary>
    private const double MaximumLead = 60;

    private readonly Channel<AudioChunk> _chunks = Channel.CreateUnbounded<AudioChunk>(new() { SingleReader = true, SingleWriter = true });
    private readonly int _sampleRate;
    private readonly double _arrival;
    private double? _firstSound;
    private long _emitted;
    private long _read;

    public SpeechRun(SpeechRequest request, int sampleRate, double arrival, CancellationToken cancellation)
    {
        (Request, _sampleRate, _arrival, Cancellation) = (request, sampleRate, arrival, cancellation);
    }

    public SpeechRequest Request { get; }

    public CancellationToken Cancellation { get; }

    public ChannelReader<AudioChunk> Chunks => _chunks.Reader;

    /// <summary>Segments whose language model has been started.</summary>
    public int SegmentsStarted { get; set; }

    /// <summary>Segments that were spoken to their end.</summary>
    public int SegmentsSpoken { get; set; }

    public bool IsAhead => (_emitted - Interlocked.Read(ref _read)) > MaximumLead * _sampleRate;

    public Urgency Urgency(double now) =>
        Engine.Urgency.Of(Request.Streaming, _arrival, _firstSound + ((double)_emitted / _sampleRate), now);

    public void Emit(float[] samples, int segment, IReadOnlyList<int> tokens, double now)
    {
        if (samples.Length == 0)
        {
            return;
        }

        _firstSound ??= now;
        if (_emitted >= (Request.Resume?.SampleOffset ?? 0))
        {
            var checkpoint = new SpeechCheckpoint { Segment = segment, SampleOffset = _emitted };
            _chunks.Writer.TryWrite(new AudioChunk(_emitted, samples, segment, tokens, checkpoint));
        }
        else
        {
            Took(samples.Length);
        }

        _emitted += samples.Length;
    }

    /// <summary>The listener took a chunk of so many samples.</summary>
    public void Took(int samples) => Interlocked.Add(ref _read, samples);

    public void Complete(Exception? error) => _chunks.Writer.TryComplete(error);
}
