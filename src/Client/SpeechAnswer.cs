using System.Globalization;
using System.Runtime.InteropServices;

namespace CosyOrleans.Client;

/// <summary>One server's answer: a speech while it is being made.</summary>
internal sealed class SpeechAnswer(Uri server, HttpResponseMessage response, Stream body, StageClock clock) : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _odd; // Bytes at the end that are half a sample, 0 or 1,
    private int _last; // and where it is.

    public int SampleRate => (int)Number("X-Sample-Rate");

    public long Seed => Number("X-Seed");

    public string Voice => Uri.UnescapeDataString(Header("X-Voice"));

    public string TaskId => Header("X-Task-Id");

    public IReadOnlyList<string> Warnings => response.Headers.TryGetValues("X-Warning", out var warnings) ? [.. warnings] : [];

    public SpeechClientException Changed() => SpeechClientException.Changed(server);

    /// <summary>The next samples; none at the end.</summary>
    /// <exception cref="SpeechClientException">It broke off, or does not go on.</exception>
    public async ValueTask<ReadOnlyMemory<short>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            clock.Enter(SpeechStage.Stream);
            _buffer[0] = _buffer[_last];
            var count = _odd;
            while (count < sizeof(short))
            {
                var read = await body.ReadAsync(_buffer.AsMemory(count), clock.Token);
                if (read == 0)
                {
                    return default;
                }

                count += read;
            }

            clock.Rest();
            _odd = count % sizeof(short);
            _last = count - 1;
            return Samples(_buffer.AsSpan(0, count - _odd));
        }
        catch (OperationCanceledException) when (clock.IsOverrun && !cancellationToken.IsCancellationRequested)
        {
            throw clock.TooSlow(server);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw SpeechClientException.NotReached(server, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        clock.Dispose();
        await body.DisposeAsync();
        response.Dispose();
    }

    private static short[] Samples(ReadOnlySpan<byte> bytes)
    {
        var samples = MemoryMarshal.Cast<byte, short>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(samples, samples);
        }

        return samples;
    }

    private long Number(string name) => long.TryParse(Header(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw SpeechClientException.NotReached(server, new InvalidDataException($"its answer has no {name}, so it is no CosyOrleans server"));

    private string Header(string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : "";
}
