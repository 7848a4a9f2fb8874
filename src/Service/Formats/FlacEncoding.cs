using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace CosyOrleans.Service.Formats;

/// <summary>
/// Writes into the beginning of a whole FLAC file what ffmpeg cannot know while it streams: how many samples there are, without
/// which players show no length, and their digest.
/// </summary>
internal sealed class FlacEncoding(ISoundEncoding stream) : ISoundEncoding
{
    // "fLaC", the four bytes before STREAMINFO, in which 10 bytes are followed by 28 bits of other things, 36 bits of samples and the digest.
    private const int BeginningBytes = 42;
    private const int CountAt = 18;
    private const int DigestAt = 26;
    private const ulong CountMask = (1UL << 36) - 1;

    private readonly byte[] _beginning = new byte[BeginningBytes];
    private int _seen;

    public ReadOnlyMemory<byte> Beginning => _beginning.AsMemory(0, _seen);

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5); // As the format has it.
        long count = 0;
        await foreach (var piece in stream.EncodeAsync(Counted(samples), cancellationToken))
        {
            var missing = Math.Min(BeginningBytes - _seen, piece.Length);
            piece.Span[..missing].CopyTo(_beginning.AsSpan(_seen));
            _seen += missing;
            yield return piece;
        }

        if (_seen == BeginningBytes)
        {
            var field = BinaryPrimitives.ReadUInt64BigEndian(_beginning.AsSpan(CountAt)) & ~CountMask;
            BinaryPrimitives.WriteUInt64BigEndian(_beginning.AsSpan(CountAt), field | ((ulong)count & CountMask));
            digest.GetHashAndReset(_beginning.AsSpan(DigestAt));
        }

        async IAsyncEnumerable<ReadOnlyMemory<short>> Counted(
            IAsyncEnumerable<ReadOnlyMemory<short>> source, [EnumeratorCancellation] CancellationToken stop = default)
        {
            await foreach (var piece in source.WithCancellation(stop))
            {
                count += piece.Length;
                digest.AppendData(PlainEncoding.LittleEndian(piece.Span));
                yield return piece;
            }
        }
    }
}
