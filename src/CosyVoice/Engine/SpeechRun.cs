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
    private readonly long _begin; // Samples that were made elsewhere.
    private double? _firstSound;
    private double _progress; // When it last got on.
    private long _read;

    /// <param name="feed">Where the request's text arrives, if it does so in pieces.</param>
    public SpeechRun(SpeechRequest request, int sampleRate, double arrival, CancellationToken cancellation, TextFeed? feed = null)
    {
        Feed = feed;
        (Request, _sampleRate, _arrival, _progress, Cancellation) = (request, sampleRate, arrival, arrival, cancellation);
        if (request.Resume is { } resume)
        {
            // Somebody was listening when it was cut off: they have nothing in hand.
            _firstSound = arrival;
            _begin = _read = Emitted = resume.SampleOffset;
            SegmentsStarted = SegmentsSpoken = resume.Segment;
        }
    }

    public SpeechRequest Request { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>Samples per second.</summary>
    public int SampleRate => _sampleRate;

    public TextFeed? Feed { get; }

    /// <summary>Segments in all; <see cref="int.MaxValue"/> while that is not known.</summary>
    public int SegmentCount => Feed?.Count ?? Request.Segments.Count;

    /// <summary>Whether there is a segment to be started.</summary>
    public bool HasNext => Feed?.Has(SegmentsStarted) ?? SegmentsStarted < Request.Segments.Count;

    public ChannelReader<AudioChunk> Chunks => _chunks.Reader;

    /// <summary>Samples of the whole speech up to here.</summary>
    public long Emitted { get; private set; }

    /// <summary>Segments whose language model has been started, or that are not to be spoken here.</summary>
    public int SegmentsStarted { get; set; }

    /// <summary>Segments that were spoken to their end, here or before.</summary>
    public int SegmentsSpoken { get; set; }

    public bool IsAhead => (Emitted - Interlocked.Read(ref _read)) > MaximumLead * _sampleRate;

    public Urgency Urgency(double now) => Request.Background
        ? Engine.Urgency.OfBackground(_progress, now)
        : Engine.Urgency.Of(Request.Streaming, _arrival, _firstSound + ((double)(Emitted - _begin) / _sampleRate), now);

    /// <summary>Hands over what a chunk has yielded, if anything.</summary>
    public void Emit(float[] samples, int segment, IReadOnlyList<int> tokens, SpeechCheckpoint? checkpoint, SegmentReport? ended, double now)
    {
        if (samples.Length == 0)
        {
            return;
        }

        _firstSound ??= now;
        _progress = now;
        _chunks.Writer.TryWrite(new AudioChunk(Emitted, samples, segment, tokens, checkpoint) { Ended = ended });
        Emitted += samples.Length;
    }

    /// <summary>The listener took a chunk of so many samples.</summary>
    public void Took(int samples) => Interlocked.Add(ref _read, samples);

    public void Complete(Exception? error) => _chunks.Writer.TryComplete(error);
}
