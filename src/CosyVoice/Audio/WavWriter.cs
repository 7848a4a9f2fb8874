using System.Buffers.Binary;

namespace CosyVoice.Audio;

/// <summary>
/// Writes a mono 16-bit WAV file. Its header states the length, which is therefore given at the start, or filled in
/// at the end where the stream can seek; a stream that can do neither gets the largest length, which players take for
/// "until the data ends".
/// </summary>
public sealed class WavWriter : IDisposable
{
    public const int HeaderBytes = 44;

    private const uint UnknownBytes = uint.MaxValue;
    private const int BytesPerSample = sizeof(short);

    private readonly Stream _stream;
    private readonly int _sampleRate;
    private readonly long? _samples;
    private readonly long _start;
    private long _written;
    private bool _disposed;

    /// <param name="stream">Stays open.</param>
    /// <param name="samples">How many will follow; null where that is not known yet.</param>
    public WavWriter(Stream stream, int sampleRate, long? samples = null)
    {
        (_stream, _sampleRate, _samples) = (stream, sampleRate, samples);
        _start = stream.CanSeek ? stream.Position : 0;
        stream.Write(Header(sampleRate, samples));
    }

    /// <summary>The 44 bytes before the samples.</summary>
    public static byte[] Header(int sampleRate, long? samples = null)
    {
        const long MostSamples = (UnknownBytes - HeaderBytes) / BytesPerSample;
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        if (samples is < 0 or > MostSamples)
        {
            throw new ArgumentOutOfRangeException(
                nameof(samples), samples, $"A WAV file holds 0 to {MostSamples} samples; write a longer recording in parts.");
        }

        var dataBytes = samples is { } known ? (uint)(known * BytesPerSample) : UnknownBytes;
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), samples is null ? UnknownBytes : dataBytes + HeaderBytes - 8);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16); // Bytes of this chunk that follow.
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), 1); // Integer samples,
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), 1); // one channel.
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), (uint)sampleRate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)sampleRate * BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), BytesPerSample);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), 8 * BytesPerSample);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), dataBytes);
        return header;
    }

    /// <summary>A whole file.</summary>
    public static byte[] Encode(ReadOnlySpan<float> samples, int sampleRate) => [.. Header(sampleRate, samples.Length), .. Pcm16.ToBytes(samples)];

    public void Write(ReadOnlySpan<float> samples)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_samples is { } promised && _written + samples.Length > promised)
        {
            throw new InvalidOperationException($"The header promises {promised} samples; {_written + samples.Length} would be written.");
        }

        _stream.Write(Pcm16.ToBytes(samples));
        _written += samples.Length;
    }

    /// <summary>Corrects the header where it states another length and the stream can seek.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_samples != _written && _stream.CanSeek)
        {
            var end = _stream.Position;
            _stream.Position = _start;
            _stream.Write(Header(_sampleRate, _written));
            _stream.Position = end;
        }

        _stream.Flush();
    }
}
