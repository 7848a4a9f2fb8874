using System.Buffers.Binary;

namespace CosyVoice.Audio;

/// <summary>The numbers of a WAV file as floats: integers divided by the largest power of two that they hold.</summary>
internal static class WavSamples
{
    /// <summary>The average over the channels of every frame.</summary>
    /// <param name="frames">Whole frames.</param>
    public static float[] Average(ReadOnlySpan<byte> frames, WavFormat format)
    {
        var result = new float[frames.Length / format.BytesPerFrame];
        for (var frame = 0; frame < result.Length; frame++)
        {
            var sum = 0f;
            for (var channel = 0; channel < format.Channels; channel++)
            {
                sum += Sample(frames.Slice(((frame * format.Channels) + channel) * format.BytesPerSample, format.BytesPerSample), format.Encoding);
            }

            result[frame] = sum / format.Channels;
        }

        return result;
    }

    private static float Sample(ReadOnlySpan<byte> bytes, WavEncoding encoding) => (encoding, bytes.Length) switch
    {
        (WavEncoding.Integer, 1) => (bytes[0] - 128) / 128f,
        (WavEncoding.Integer, 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768f,
        (WavEncoding.Integer, 3) => ((bytes[0] << 8) | (bytes[1] << 16) | (bytes[2] << 24)) / 2147483648f,
        (WavEncoding.Integer, _) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648f,
        (_, 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };
}
