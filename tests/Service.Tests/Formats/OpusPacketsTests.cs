using System.Buffers.Binary;
using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Formats;

namespace CosyOrleans.Service.Tests.Formats;

public sealed class OpusPacketsTests
{
    private const double Seconds = 1.518; // So that the codec's delay takes one packet more.

    [OpusTheory]
    [InlineData(24000, null, 24000)]
    [InlineData(24000, 8000, 8000)]
    [InlineData(24000, 16000, 16000)]
    [InlineData(22050, null, 24000)]
    [InlineData(24000, 48000, 48000)]
    public async Task Packets_OfATone_AreThatToneForOthers(int fromRate, int? asked, int rate)
    {
        using var opus = new OpusPackets(fromRate, asked);
        var packets = Encode(opus, Tones.Sine(600, fromRate, Seconds), 480);

        Assert.Equal(rate, opus.SampleRate);
        Assert.Equal(77, packets.Count);
        if (Ffprobe.WhyNot is not null)
        {
            return;
        }

        var decoded = await Ffprobe.DecodeAsync(OggOpus.File(packets, opus.PreSkip, (long)(Seconds * 48000)));
        Assert.InRange(decoded.Length, (Seconds * 48000) - 48, (Seconds * 48000) + 48);
        var middle = decoded.AsSpan(24000, 24000);
        Assert.InRange(Tones.Amplitude(middle, 600, 48000), 14000, 18000);
        Assert.InRange(Tones.Loudness(middle) * Math.Sqrt(2), 14000, 18000);
    }

    [OpusFact]
    public void Packets_SamplesCutOtherwise_AreTheSame()
    {
        var samples = Tones.Sine(600, 24000, Seconds);
        using OpusPackets one = new(24000, 16000), other = new(24000, 16000);

        Assert.Equal(Encode(one, samples, 480), Encode(other, samples, 7001));
    }

    [OpusFact]
    public void BitRate_ChangedMeanwhile_HoldsFromTheNextPacketOn()
    {
        using var opus = new OpusPackets(24000, bitRate: 64_000);
        var noise = Tones.Noise(24000);

        var many = opus.Add(noise).Sum(packet => packet.Length);
        opus.BitRate = 12_000;
        var few = opus.Add(noise).Sum(packet => packet.Length);

        Assert.InRange(many, 6000, 10000); // A second of 64 and of 12 kbit.
        Assert.InRange(few, 1000, 2200);
        Assert.Equal(12_000, opus.BitRate);
    }

    [OpusTheory]
    [InlineData(5_999)]
    [InlineData(510_001)]
    public void BitRate_OutsideTheRange_IsRefused(int bitRate)
    {
        using var opus = new OpusPackets(24000);

        Assert.Contains($"{bitRate}, outside 6000 to 510000", Assert.Throws<SpeechException>(() => opus.BitRate = bitRate).Message);
        Assert.Equal(OpusPackets.DefaultBitRate, opus.BitRate);
        (opus.BitRate, _) = (OpusPackets.MinBitRate, opus.Add(new short[480]));
        (opus.BitRate, _) = (OpusPackets.MaxBitRate, opus.Add(new short[480]));
    }

    [Fact]
    public void Create_WithoutTheLibrary_NamesItAndWhatToInstall()
    {
        var error = Assert.Throws<SpeechException>(() => new OpusPackets(LibOpus.Load(["libopus-of-nobody"]), 24000, null, 1));

        Assert.Equal(SpeechErrorKind.Invalid, error.Kind);
        Assert.Contains("the library libopus, which is not installed", error.Message);
        Assert.Contains("apt-get install libopus0", error.Solution);
        Assert.Contains("The bit rate is 1, outside", error.Message); // And whatever else is wrong.
    }

    private static List<byte[]> Encode(OpusPackets opus, short[] samples, int piece)
    {
        List<byte[]> packets = [];
        foreach (var part in samples.Chunk(piece))
        {
            packets.AddRange(opus.Add(part));
        }

        return [.. packets, .. opus.Finish()];
    }

    /// <summary>Packets in an Ogg stream, a page for each, so that others can read them.</summary>
    private static class OggOpus
    {
        public static byte[] File(IReadOnlyList<byte[]> packets, int preSkip, long samples)
        {
            var head = new byte[19];
            "OpusHead"u8.CopyTo(head);
            (head[8], head[9]) = (1, 1);
            BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(10), (ushort)preSkip);
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), 48000);
            List<byte> file = [.. Page(2, 0, 0, head), .. Page(0, 0, 1, [.. "OpusTags"u8, 0, 0, 0, 0, 0, 0, 0, 0])];
            for (var i = 0; i < packets.Count; i++)
            {
                var last = i == packets.Count - 1;
                file.AddRange(Page(last ? 4 : 0, last ? preSkip + samples : 960L * (i + 1), i + 2, packets[i]));
            }

            return [.. file];
        }

        private static byte[] Page(int type, long position, int number, byte[] packet)
        {
            var lengths = Enumerable.Repeat((byte)255, packet.Length / 255).Append((byte)(packet.Length % 255)).ToArray();
            byte[] page = [.. "OggS"u8, 0, (byte)type, .. new byte[20], (byte)lengths.Length, .. lengths, .. packet];
            BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), position);
            BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), number);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), Checksum(page));
            return page;
        }

        private static uint Checksum(byte[] page)
        {
            uint sum = 0;
            foreach (var value in page)
            {
                sum ^= (uint)value << 24;
                for (var bit = 0; bit < 8; bit++)
                {
                    sum = (sum << 1) ^ ((sum >> 31) * 0x04C11DB7);
                }
            }

            return sum;
        }
    }
}

/// <summary>A test that needs libopus, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpusFactAttribute : FactAttribute
{
    public OpusFactAttribute() => Skip = OpusPackets.WhyNot() is null ? null : "libopus is not installed.";
}

/// <summary>The same for tests with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpusTheoryAttribute : TheoryAttribute
{
    public OpusTheoryAttribute() => Skip = OpusPackets.WhyNot() is null ? null : "libopus is not installed.";
}
