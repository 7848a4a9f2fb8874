using System.Runtime.CompilerServices;

namespace CosyOrleans.Service.Formats;

/// <summary>A sound while it is being written; may be read once.</summary>
public sealed class EncodedSound
{
    private readonly ISoundEncoding _encoding;
    private readonly IAsyncEnumerable<ReadOnlyMemory<short>> _samples;

    internal EncodedSound(ISoundEncoding encoding, IAsyncEnumerable<ReadOnlyMemory<short>> samples, int sampleRate)
    {
        (_encoding, SampleRate) = (encoding, sampleRate);
        _samples = Counted(samples);
    }

    /// <summary>Samples per second.</summary>
    public int SampleRate { get; }

    /// <summary>Written so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Length of what is written so far.</summary>
    public double Seconds => (double)Samples / SampleRate;

    /// <summary>The bytes as they are made; each piece is the caller's to keep. What is under way ends with the enumeration.</summary>
    /// <exception cref="Errors.SpeechException">The speech or its encoding failed: what came is not the whole.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => _encoding.EncodeAsync(_samples, cancellationToken);

    /// <summary>All bytes, in pieces.</summary>
    public async Task<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAllAsync(CancellationToken cancellationToken)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        await foreach (var piece in ReadAsync(cancellationToken))
        {
            pieces.Add(piece);
        }

        var beginning = _encoding.Beginning;
        for (var i = 0; !beginning.IsEmpty; i++)
        {
            var length = Math.Min(beginning.Length, pieces[i].Length);
            byte[] corrected = [.. beginning.Span[..length], .. pieces[i].Span[length..]];
            pieces[i] = corrected;
            beginning = beginning[length..];
        }

        return pieces;
    }

    /// <summary>Writes all into a file, from where it stands; afterwards it stands at the end.</summary>
    public async Task WriteAsync(FileStream file, CancellationToken cancellationToken)
    {
        var start = file.Position;
        await foreach (var piece in ReadAsync(cancellationToken))
        {
            await file.WriteAsync(piece, cancellationToken);
        }

        var end = file.Position;
        file.Position = start;
        await file.WriteAsync(_encoding.Beginning, cancellationToken);
        file.Position = end;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<short>> Counted(
        IAsyncEnumerable<ReadOnlyMemory<short>> samples, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var piece in samples.WithCancellation(cancellationToken))
        {
            Samples += piece.Length;
            yield return piece;
        }
    }
}
