using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Weights;

/// <summary>
/// The entries of a zip archive that lies in memory, where each is stored uncompressed, so that its bytes can be used in
/// place. Read from the central directory at the end of the archive (PKWARE APPNOTE 4.3), with its zip64 form.
/// </summary>
internal sealed unsafe class StoredZip
{
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const uint DirectorySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int Zip64LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const int DirectoryHeaderLength = 46;
    private const int LocalHeaderLength = 30;
    private const ushort Zip64ExtraId = 1;

    private readonly byte* _archive;
    private readonly long _length;
    private readonly Dictionary<string, StoredZipEntry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">Not a zip archive, a damaged one, or one with a compressed entry.</exception>
    public StoredZip(byte* archive, long length)
    {
        _archive = archive;
        _length = length;
        var (offset, size, count) = FindDirectory();
        ReadDirectory(offset, size, count);
    }

    public IReadOnlyDictionary<string, StoredZipEntry> Entries => _entries;

    public static bool StartsLikeZip(byte* data, long length) =>
        length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(new(data, 4)) is LocalSignature or EndSignature;

    private (long Offset, long Size, long Count) FindDirectory()
    {
        var end = FindEnd();
        var record = Span(end, EndLength);
        var locator = end - Zip64LocatorLength;
        if (locator >= 0 && UInt32(Span(locator, Zip64LocatorLength), 0) == Zip64LocatorSignature)
        {
            var wide = Span(Int64(Span(locator, Zip64LocatorLength), 8), Zip64EndLength);
            return UInt32(wide, 0) == Zip64EndSignature
                ? (Int64(wide, 48), Int64(wide, 40), Int64(wide, 32))
                : throw Damaged("the zip64 end record is missing");
        }

        return (UInt32(record, 16), UInt32(record, 12), UInt16(record, 10));
    }

    private long FindEnd()
    {
        var earliest = Math.Max(0, _length - EndLength - ushort.MaxValue);
        for (var at = _length - EndLength; at >= earliest; at--)
        {
            if (UInt32(Span(at, EndLength), 0) == EndSignature)
            {
                return at;
            }
        }

        throw Damaged("its end record is missing; the file may be truncated");
    }

    private void ReadDirectory(long offset, long size, long count)
    {
        if (size < 0 || offset < 0 || size > _length || count < 0 || count > size / DirectoryHeaderLength)
        {
            throw Damaged($"a directory of {count} entries in {size} bytes at {offset} does not fit {_length} bytes");
        }

        for (var at = offset; count > 0; count--)
        {
            var header = Span(at, DirectoryHeaderLength);
            if (UInt32(header, 0) != DirectorySignature)
            {
                throw Damaged($"no directory entry at {at}");
            }

            var (nameLength, extraLength, commentLength) = (UInt16(header, 28), UInt16(header, 30), UInt16(header, 32));
            var name = Encoding.UTF8.GetString(Span(at + DirectoryHeaderLength, nameLength));
            var extra = Span(at + DirectoryHeaderLength + nameLength, extraLength);
            if (!_entries.TryAdd(name, ReadEntry(name, header, extra)))
            {
                throw Damaged($"two entries are named '{name}'");
            }

            at += DirectoryHeaderLength + nameLength + extraLength + commentLength;
        }
    }

    private StoredZipEntry ReadEntry(string name, ReadOnlySpan<byte> header, ReadOnlySpan<byte> extra)
    {
        if (UInt16(header, 10) != 0 || (UInt16(header, 8) & 1) != 0)
        {
            throw new InvalidDataException(
                $"the entry '{name}' of the zip archive is compressed or encrypted; save the file with torch.save, which stores plainly");
        }

        long compressed = UInt32(header, 20);
        long size = UInt32(header, 24);
        long local = UInt32(header, 42);
        ReadZip64Extra(extra, ref size, ref compressed, ref local);
        var localHeader = Span(local, LocalHeaderLength);
        if (UInt32(localHeader, 0) != LocalSignature || size != compressed)
        {
            throw Damaged($"the entry '{name}' does not lie where the directory says");
        }

        var start = local + LocalHeaderLength + UInt16(localHeader, 26) + UInt16(localHeader, 28);
        return size <= _length - start
            ? new StoredZipEntry(_archive + start, size)
            : throw Damaged($"the entry '{name}' claims {size} bytes at {start} of {_length}");
    }

    /// <summary>A field that is all ones in the header has its value in the zip64 extra field, in this order.</summary>
    private static void ReadZip64Extra(ReadOnlySpan<byte> extra, ref long size, ref long compressed, ref long local)
    {
        while (extra.Length >= 4)
        {
            var length = UInt16(extra, 2);
            var body = extra[4..];
            if (length > body.Length)
            {
                throw Damaged("an extra field is cut off");
            }

            if (UInt16(extra, 0) == Zip64ExtraId)
            {
                var fields = body[..length];
                TakeWide(ref fields, ref size);
                TakeWide(ref fields, ref compressed);
                TakeWide(ref fields, ref local);
                return;
            }

            extra = body[length..];
        }
    }

    private static void TakeWide(ref ReadOnlySpan<byte> fields, ref long value)
    {
        if (value != uint.MaxValue)
        {
            return;
        }

        if (fields.Length < 8)
        {
            throw Damaged("a zip64 field is cut off");
        }

        value = Int64(fields, 0);
        fields = fields[8..];
    }

    private ReadOnlySpan<byte> Span(long offset, int length) => offset >= 0 && length <= _length && offset <= _length - length
        ? new(_archive + offset, length)
        : throw Damaged($"{length} bytes at {offset} lie outside its {_length} bytes");

    private static ushort UInt16(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt16LittleEndian(span[at..]);

    private static uint UInt32(ReadOnlySpan<byte> span, int at) => BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);

    private static long Int64(ReadOnlySpan<byte> span, int at)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(span[at..]);
        return value >= 0 ? value : throw Damaged($"{(ulong)value} is no offset or size");
    }

    private static InvalidDataException Damaged(string what) => new($"the zip archive is damaged: {what}");
}

/// <summary>The bytes of one entry, inside the archive.</summary>
internal readonly unsafe struct StoredZipEntry(byte* data, long length)
{
    public byte* Data { get; } = data;

    public long Length { get; } = length;
}
