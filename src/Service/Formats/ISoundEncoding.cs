namespace CosyOrleans.Service.Formats;

/// <summary>Makes the bytes of one sound.</summary>
internal interface ISoundEncoding
{
    /// <summary>The bytes, as early as the format allows; each piece is the caller's to keep.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> EncodeAsync(IAsyncEnumerable<ReadOnlyMemory<short>> samples, CancellationToken cancellationToken);

    /// <summary>What the first bytes have to be, known when all are made; empty where they are right as they are.</summary>
    ReadOnlyMemory<byte> Beginning { get; }
}
