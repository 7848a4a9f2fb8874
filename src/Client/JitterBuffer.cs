namespace CosyOrleans.Client;

/// <summary>
/// Evens out the arrival of sound for somebody who plays it: playing begins when so much is there, and after a gap waits for as
/// much again, so that a gap is heard once and not as stutter. Thread-safe: one writes, one plays.
/// </summary>
public sealed class JitterBuffer
{
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<short>> _sound = new();
    private readonly int _sampleRate;
    private readonly int _wanted;
    private int _begun; // Samples of the first piece that were played.
    private int _buffered;
    private bool _isPlaying;
    private bool _isComplete;

    /// <param name="sampleRate">Samples per second, at least 1.</param>
    /// <param name="span">How much is held back, 0 to 10 s; 250 ms when null.</param>
    public JitterBuffer(int sampleRate, TimeSpan? span = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        var seconds = span?.TotalSeconds ?? 0.25;
        ArgumentOutOfRangeException.ThrowIfNegative(seconds, nameof(span));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seconds, 10, nameof(span));
        (_sampleRate, _wanted) = (sampleRate, (int)(seconds * sampleRate));
    }

    /// <summary>How often playing had to stop in the middle.</summary>
    public int Underruns { get; private set; }

    /// <summary>What has come and was not played.</summary>
    public TimeSpan Buffered
    {
        get
        {
            lock (_gate)
            {
                return TimeSpan.FromSeconds((double)_buffered / _sampleRate);
            }
        }
    }

    /// <summary>Whether everything was played.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate)
            {
                return _isComplete && _buffered == 0;
            }
        }
    }

    /// <param name="samples">Kept until they are played.</param>
    public void Write(ReadOnlyMemory<short> samples)
    {
        lock (_gate)
        {
            if (samples.Length > 0)
            {
                _sound.Enqueue(samples);
                _buffered += samples.Length;
            }
        }
    }

    /// <summary>Nothing follows: what is there is played without waiting for more.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
        }
    }

    /// <summary>Fills all of <paramref name="destination"/> for the player, with silence where there is no sound to play.</summary>
    /// <returns>How many samples at its beginning are sound.</returns>
    public int Read(Span<short> destination)
    {
        lock (_gate)
        {
            _isPlaying |= _isComplete || _buffered >= _wanted;
            var count = _isPlaying ? Math.Min(destination.Length, _buffered) : 0;
            Take(destination[..count]);
            destination[count..].Clear();
            if (_isPlaying && count < destination.Length && !_isComplete)
            {
                Underruns++;
                _isPlaying = false;
            }

            return count;
        }
    }

    private void Take(Span<short> destination)
    {
        _buffered -= destination.Length;
        while (destination.Length > 0)
        {
            var piece = _sound.Peek().Span[_begun..];
            var count = Math.Min(piece.Length, destination.Length);
            piece[..count].CopyTo(destination);
            destination = destination[count..];
            _begun += count;
            if (count == piece.Length)
            {
                _sound.Dequeue();
                _begun = 0;
            }
        }
    }
}
