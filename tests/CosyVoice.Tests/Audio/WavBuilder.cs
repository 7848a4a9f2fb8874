using System.Buffers.Binary;
using System.Text;

namespace CosyVoice.Tests.Audio;

/// <summary>WAV files of every kind, built field by field.</summary>
internal sealed record WavBuilder
{
    public int Tag { get; init; } = 1;

    public int Bits { get; init; } = 16;

    public int Channels { get; init; } = 1;

    public int Rate { get; init; } = 16_000;

    /// <summary>The tag goes into the sub-format of an extensible header.</summary>
    public bool Extensible { get; init; }

    /// <summary>What the data chunk says; null: the truth.</summary>
    public uint? DataSize { get; init; }

    /// <summary>What the file says; null: the truth.</summary>
    public uint? FileSize { get; init; }

    /// <summary>Between format and data.</summary>
    public (string Name, byte[] Content)? Chunk { get; init; }

    /// <summary>Frames of samples in [-1, 1], channel by channel.</summary>
    public byte[] Build(params double[] samples)
    {
        using var file = new MemoryStream();
        file.Write("RIFF\0\0\0\0WAVEfmt "u8);
        Write(file, Extensible ? 40u : 16u, 4);
        Write(file, Extensible ? 0xFFFEu : (uint)Tag, 2);
        Write(file, (uint)Channels, 2);
        Write(file, (uint)Rate, 4);
        Write(file, (uint)(Rate * Channels * Bits / 8), 4);
        Write(file, (uint)(Channels * Bits / 8), 2);
        Write(file, (uint)Bits, 2);
        if (Extensible)
        {
            Write(file, 22, 2);
            Write(file, (uint)Bits, 2);
            Write(file, 0, 4);
            Write(file, (uint)Tag, 2);
            file.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }

        if (Chunk is { } chunk)
        {
            file.Write(Encoding.ASCII.GetBytes(chunk.Name));
            Write(file, (uint)chunk.Content.Length, 4);
            file.Write(chunk.Content);
            file.Write(new byte[chunk.Content.Length % 2]);
        }

        byte[] data = [.. samples.SelectMany(Encode)];
        file.Write("data"u8);
        Write(file, DataSize ?? (uint)data.Length, 4);
        file.Write(data);
        var bytes = file.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), FileSize ?? (uint)bytes.Length - 8);
        return bytes;
    }

    private byte[] Encode(double sample)
    {
        if (Tag == 3)
        {
            return Bits == 64 ? BitConverter.GetBytes(sample) : BitConverter.GetBytes((float)sample);
        }

        var whole = (long)Math.Round(sample * (1L << (Bits - 1)));
        whole = Math.Clamp(whole, -(1L << (Bits - 1)), (1L << (Bits - 1)) - 1);
        return BitConverter.GetBytes(Bits == 8 ? whole + 128 : whole)[..(Bits / 8)];
    }

    private static void Write(Stream file, uint value, int bytes) => file.Write(BitConverter.GetBytes(value).AsSpan(0, bytes));
}
