using System.Runtime.CompilerServices;

namespace CosyOrleans.Service.Formats;

/// <summary>A byte for each sample, and nothing around them.</summary>
internal sealed class TelephoneEncoding(G711Law law) : ISoundEncoding
{
    public ReadOnlyMemory<byte> Beginning => ReadOnlyMemory<byte>.Empty;

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in samples.WithCancellation(cancellationToken))
        {
            var bytes = new byte[piece.Length];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = law.Encode(piece.Span[i]);
            }

            yield return bytes;
        }
    }
}
