using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Jobs.Assembly;

/// <summary>The WAV file of an item, as this server writes them: mono, 16 bit, a header of one length.</summary>
/// <param name="Rate">Samples per second.</param>
/// <param name="Samples">How many there are.</param>
internal readonly record struct ItemSound(string Path, int Rate, long Samples)
{
    private const int RateAt = 24;
    private const int PieceBytes = 64 * 1024;

    /// <exception cref="SpeechException">It is not there, or not such a file.</exception>
    public static ItemSound Open(string path)
    {
        using var file = File.Exists(path) ? File.OpenRead(path) : throw Unusable(path);
        var header = new byte[WavHeader.Length];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.AsSpan(^8..^4).SequenceEqual("data"u8))
        {
            throw Unusable(path);
        }

        var rate = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(RateAt));
        return rate > 0 ? new ItemSound(path, rate, (file.Length - header.Length) / sizeof(short)) : throw Unusable(path);
    }

    /// <summary>How many samples it has at another rate.</summary>
    public long SamplesAt(int rate) => (long)((((Int128)Samples * rate) + Rate - 1) / Rate);

    public IAsyncEnumerable<ReadOnlyMemory<short>> ReadAtAsync(int rate, CancellationToken cancellationToken) => ReadAsync(cancellationToken).AtRate(Rate, rate);

    private async IAsyncEnumerable<ReadOnlyMemory<short>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);
        file.Position = WavHeader.Length;
        var bytes = new byte[PieceBytes];
        for (int count; (count = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken)) > 0;)
        {
            yield return MemoryMarshal.Cast<byte, short>(bytes.AsSpan(0, count)).ToArray();
        }
    }

    private static SpeechException Unusable(string path) => new(
        SpeechErrorKind.Invalid,
        JobErrorCodes.AssemblyFailed,
        $"The sound {Quoted.Value(System.IO.Path.GetFileName(path))} is no longer in the data folder as it was made.",
        "Order the job again under another id.");
}
