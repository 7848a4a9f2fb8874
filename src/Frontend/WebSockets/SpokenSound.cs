using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Formats;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>The sound of one speech on its way to a client, in the format that it asked for. Holds back who gives more than is taken.</summary>
/// <remarks>Owns its place among the encoders.</remarks>
internal sealed class SpokenSound : IAsyncDisposable
{
    private readonly Channel<ReadOnlyMemory<short>> _samples = Channel.CreateBounded<ReadOnlyMemory<short>>(
        new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

    private readonly ConcurrentQueue<SpokenSegment> _ended = []; // Of which the encoder was not given everything yet.
    private readonly SemaphoreSlim _telling = new(1); // An encoder may take samples and give bytes at the same time.
    private readonly int _sampleRate;
    private readonly CancellationTokenSource _stop;
    private readonly AudioEncoder _encoder;
    private readonly SpeechAlignment? _alignment;
    private readonly Func<SpokenSegment, double, ValueTask>? _said;
    private readonly Task _sending;
    private double _given; // Seconds.

    /// <param name="sampleRate">Samples per second of what is added.</param>
    /// <param name="send">Takes the bytes, a piece at a time, and the seconds of sound that the encoder was given so far.</param>
    /// <param name="said">
    /// Told each segment, and these seconds, when the encoder has taken its last sample. With samples at the model's rate all its sound
    /// has been sent then; resampling holds a few milliseconds of it back, and ffmpeg up to a few tenths of a second, until more comes. Never
    /// at the same time as <paramref name="send"/>. Null: nobody wants to know.
    /// </param>
    public SpokenSound(
        AudioEncoder encoder, int sampleRate, Func<ReadOnlyMemory<byte>, double, ValueTask> send, Func<SpokenSegment, double, ValueTask>? said, CancellationToken cancellationToken)
    {
        (_encoder, _sampleRate, _said) = (encoder, sampleRate, said);
        _alignment = said is null ? null : new SpeechAlignment(sampleRate);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sending = SendAsync(encoder.Encode(GiveAsync(), sampleRate, whole: false), send);
    }

    /// <exception cref="Service.Errors.SpeechException">It cannot be encoded.</exception>
    /// <exception cref="OperationCanceledException">Nobody takes it any more.</exception>
    /// <param name="gain">What the samples are multiplied with, 0 or more.</param>
    public async ValueTask AddAsync(AudioFrame frame, double gain)
    {
        foreach (var segment in _alignment?.Add(frame) ?? [])
        {
            _ended.Enqueue(segment); // Before its last samples, so that it is there when these have been taken.
        }

        try
        {
            await _samples.Writer.WriteAsync(Gain.Apply(frame.Samples, gain), _stop.Token);
        }
        catch (ChannelClosedException)
        {
            await _sending; // Says why.
            throw;
        }
    }

    /// <summary>Completes when all of it was sent.</summary>
    /// <exception cref="Service.Errors.SpeechException">It cannot be encoded.</exception>
    public Task FinishAsync()
    {
        _samples.Writer.TryComplete();
        return _sending;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _encoder.Dispose();
        _stop.Dispose();
        _telling.Dispose();
    }

    private async IAsyncEnumerable<ReadOnlyMemory<short>> GiveAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var samples = 0L;
        await foreach (var piece in _samples.Reader.ReadAllAsync(cancellationToken))
        {
            samples += piece.Length;
            Volatile.Write(ref _given, (double)samples / _sampleRate);
            yield return piece;
            while (_ended.TryPeek(out var segment) && segment.End <= _given)
            {
                _ended.TryDequeue(out _);
                await OneByOneAsync(() => _said!(segment, _given));
            }
        }
    }

    private async Task SendAsync(EncodedSound sound, Func<ReadOnlyMemory<byte>, double, ValueTask> send)
    {
        try
        {
            await foreach (var piece in sound.ReadAsync(_stop.Token))
            {
                if (piece.Length > 0)
                {
                    await OneByOneAsync(() => send(piece, Volatile.Read(ref _given)));
                }
            }
        }
        finally
        {
            _samples.Writer.TryComplete(); // Nobody takes more.
        }
    }

    private async Task OneByOneAsync(Func<ValueTask> tell)
    {
        await _telling.WaitAsync(_stop.Token);
        try
        {
            await tell();
        }
        finally
        {
            _telling.Release();
        }
    }
}
