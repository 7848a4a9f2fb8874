using System.Buffers.Binary;
using CosyVoice.Audio;

namespace CosyVoice.Tests.Audio;

public sealed class WavWriterTests
{
    [Fact]
    public void Encode_ThreeSamples_GivesTheWholeFile()
    {
        var file = WavWriter.Encode([0, 0.5f, -1], 24000);
        byte[] expected =
        [
            .. "RIFF"u8, 42, 0, 0, 0, .. "WAVE"u8,
            .. "fmt "u8, 16, 0, 0, 0, 1, 0, 1, 0, 0xC0, 0x5D, 0, 0, 0x80, 0xBB, 0, 0, 2, 0, 16, 0,
            .. "data"u8, 6, 0, 0, 0, 0, 0, 0, 0x40, 0, 0x80,
        ];
        Assert.Equal(expected, file);
    }

    [Fact]
    public void Header_UnknownLength_StatesTheLargest()
    {
        var header = WavWriter.Header(24000);
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(40)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((uint.MaxValue / 2L) - 21)]
    public void Header_MoreThanAFileHolds_IsRefused(long samples) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WavWriter.Header(24000, samples));

    [Fact]
    public void Header_AsMuchAsAFileHolds_IsAccepted() =>
        Assert.Equal(WavWriter.HeaderBytes, WavWriter.Header(24000, (uint.MaxValue / 2L) - 22).Length);

    [Theory]
    [InlineData(null)]
    [InlineData(9L)]
    public void Dispose_SeekableStream_StatesWhatWasWritten(long? promised)
    {
        using var stream = new MemoryStream();
        stream.WriteByte(7); // The file need not begin where the stream does.
        using (var writer = new WavWriter(stream, 24000, promised))
        {
            writer.Write([0, 0.5f]);
            writer.Write([-1]);
        }

        Assert.Equal(WavWriter.Encode([0, 0.5f, -1], 24000), stream.ToArray()[1..]);
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public void Dispose_StreamThatCannotSeek_LeavesTheHeader()
    {
        using var target = new MemoryStream();
        using var stream = new ForwardOnly(target);
        using (var writer = new WavWriter(stream, 24000))
        {
            writer.Write([0.25f]);
        }

        Assert.Equal((byte[])[.. WavWriter.Header(24000), 0, 0x20], target.ToArray());
    }

    [Fact]
    public void Write_MoreThanPromised_IsRefused()
    {
        using var writer = new WavWriter(new MemoryStream(), 24000, 2);
        writer.Write([0, 0]);
        Assert.Contains("promises 2 samples; 3", Assert.Throws<InvalidOperationException>(() => writer.Write([0])).Message, StringComparison.Ordinal);
    }

    private sealed class ForwardOnly(Stream target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => target.Write(buffer, offset, count);
    }
}
