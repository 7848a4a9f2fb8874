using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Formats;

/// <summary>PCM, and WAV, which is PCM with a header.</summary>
/// <param name="whole">Whether the beginning can still be written when the end is known.</param>
internal sealed class PlainEncoding(bool header, int sampleRate, bool whole) : ISoundEncoding
{
    private long _samples;

    public ReadOnlyMemory<byte> Beginning => header && whole ? WavHeader.Of(sampleRate, _samples) : ReadOnlyMemory<byte>.Empty;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (header)
        {
            yield return WavHeader.Of(sampleRate, null);
        }

        await foreach (var piece in samples.WithCancellation(cancellationToken))
        {
            _samples += piece.Length;
            if (header && whole && _samples > WavHeader.MostSamples)
            {
                throw TooLong();
            }

            yield return LittleEndian(piece.Span);
        }
    }

    public static byte[] LittleEndian(ReadOnlySpan<short> samples)
    {
        var bytes = new byte[checked(samples.Length * sizeof(short))];
        var pcm = MemoryMarshal.Cast<byte, short>(bytes.AsSpan());
        if (BitConverter.IsLittleEndian)
        {
            samples.CopyTo(pcm);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(samples, pcm);
        }

        return bytes;
    }

    private SpeechException TooLong()
    {
        var hours = ((double)WavHeader.MostSamples / sampleRate / 3600).ToString("0.#", CultureInfo.InvariantCulture);
        return SpeechException.Invalid([new Violation(
            SpeechErrorCodes.SoundTooLong, $"The sound lasts more than {hours} hours, the most that a WAV file can hold.", "Give format flac, which has no such limit, or a shorter text.")]);
    }
}
