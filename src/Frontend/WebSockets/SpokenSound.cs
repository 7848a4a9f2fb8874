using System.Threading.Channels;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Frontend.WebSockets;

/// <summary>The sound of one speech on its way to a client, in the format that it asked for. Holds back who gives more than is taken.</summary>
/// <remarks>Owns its place among the encoders.</remarks>
internal sealed class SpokenSound : IAsyncDisposable
{
    private readonly Channel<ReadOnlyMemory<short>> _samples = Channel.CreateBounded<ReadOnlyMemory<short>>(
        new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _stop;
    private readonly AudioEncoder _encoder;
    private readonly Task _sending;

    /// <param name="sampleRate">Samples per second of what is added.</param>
    /// <param name="send">Takes the bytes, a piece at a time.</param>
    public SpokenSound(AudioEncoder encoder, int sampleRate, Func<ReadOnlyMemory<byte>, ValueTask> send, CancellationToken cancellationToken)
    {
        _encoder = encoder;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _sending = SendAsync(encoder.Encode(_samples.Reader.ReadAllAsync(CancellationToken.None), sampleRate, whole: false), send);
    }

    /// <exception cref="Service.Errors.SpeechException">It cannot be encoded.</exception>
    /// <exception cref="OperationCanceledException">Nobody takes it any more.</exception>
    public async ValueTask AddAsync(ReadOnlyMemory<short> samples)
    {
        try
        {
            await _samples.Writer.WriteAsync(samples, _stop.Token);
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
    }

    private async Task SendAsync(EncodedSound sound, Func<ReadOnlyMemory<byte>, ValueTask> send)
    {
        try
        {
            await foreach (var piece in sound.ReadAsync(_stop.Token))
            {
                if (piece.Length > 0)
                {
                    await send(piece);
                }
            }
        }
        finally
        {
            _samples.Writer.TryComplete(); // Nobody takes more.
        }
    }
}
