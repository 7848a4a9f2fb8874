using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Weights;

/// <summary>Streams uncompressed entries into a zip archive; each entry's data begins at a multiple of 64 bytes.</summary>
internal sealed class StoredZipWriter(Stream output, bool alwaysZip64)
{
    private const int Alignment = 64;
    private const ushort PaddingExtraId = 0x4246;
    private const ushort DescriptorFollows = 1 << 3;

    private readonly List<(string Name, long Offset, long Size, uint Crc)> _entries = [];

    public void Add(string name, long size, Action<Stream> write)
    {
        var offset = output.Position;
        var encoded = Encoding.UTF8.GetBytes(name);
        var padding = (int)(Alignment - ((offset + 30 + encoded.Length + 4) % Alignment)) % Alignment;
        Write32(0x04034b50);
        Write16(alwaysZip64 ? 45 : 20);
        Write16(DescriptorFollows);
        output.Write(new byte[18]); // method, time, date; checksum and sizes come after the data
        Write16(encoded.Length);
        Write16(4 + padding);
        output.Write(encoded);
        Write16(PaddingExtraId);
        Write16(padding);
        output.Write(new byte[padding]);

        var data = new ChecksumStream(output);
        write(data);
        if (data.Written != size)
        {
            throw new InvalidOperationException($"{name} was announced with {size} bytes and written with {data.Written}.");
        }

        Write32(0x08074b50);
        Write32(data.Crc);
        Write64(size);
        Write64(size);
        _entries.Add((name, offset, size, data.Crc));
    }

    public void Finish()
    {
        var start = output.Position;
        foreach (var (name, offset, size, crc) in _entries)
        {
            WriteDirectoryEntry(Encoding.UTF8.GetBytes(name), offset, size, crc);
        }

        var length = output.Position - start;
        var wide = alwaysZip64 || start + length >= uint.MaxValue;
        if (wide)
        {
            WriteZip64End(start, length);
        }

        Write32(0x06054b50);
        Write32(0); // disks
        Write16(wide ? ushort.MaxValue : _entries.Count);
        Write16(wide ? ushort.MaxValue : _entries.Count);
        Write32(wide ? uint.MaxValue : (uint)length);
        Write32(wide ? uint.MaxValue : (uint)start);
        Write16(0);
    }

    private void WriteDirectoryEntry(byte[] name, long offset, long size, uint crc)
    {
        var wide = alwaysZip64 || offset >= uint.MaxValue || size >= uint.MaxValue;
        Write32(0x02014b50);
        Write32(0); // versions
        Write16(DescriptorFollows);
        output.Write(new byte[6]); // method, time, date
        Write32(crc);
        Write32(wide ? uint.MaxValue : (uint)size);
        Write32(wide ? uint.MaxValue : (uint)size);
        Write16(name.Length);
        Write16(wide ? 28 : 0);
        output.Write(new byte[10]); // comment, disk, attributes
        Write32(wide ? uint.MaxValue : (uint)offset);
        output.Write(name);
        if (wide)
        {
            Write16(1);
            Write16(24);
            Write64(size);
            Write64(size);
            Write64(offset);
        }
    }

    private void WriteZip64End(long start, long length)
    {
        var at = output.Position;
        Write32(0x06064b50);
        Write64(44);
        output.Write(new byte[12]); // versions, disks
        Write64(_entries.Count);
        Write64(_entries.Count);
        Write64(length);
        Write64(start);
        Write32(0x07064b50);
        Write32(0);
        Write64(at);
        Write32(1);
    }

    private void Write16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        output.Write(bytes);
    }

    private void Write32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }

    private void Write64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        output.Write(bytes);
    }

    /// <summary>Passes bytes on, counting them and keeping their CRC-32.</summary>
    private sealed class ChecksumStream(Stream inner) : Stream
    {
        private static readonly uint[] Table = MakeTable();

        private uint _state = uint.MaxValue;

        public uint Crc => ~_state;

        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            foreach (var value in buffer)
            {
                _state = Table[(byte)(_state ^ value)] ^ (_state >> 8);
            }

            Written += buffer.Length;
            inner.Write(buffer);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private static uint[] MakeTable()
        {
            var table = new uint[256];
            for (var i = 0u; i < table.Length; i++)
            {
                var value = i;
                for (var bit = 0; bit < 8; bit++)
                {
                    value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
                }

                table[i] = value;
            }

            return table;
        }
    }
}
