using CosyVoice.Kernels;

namespace CosyVoice.Engine;

public static class VocoderExtensions
{
    /// <summary>Turns a whole mel, [frames, 80], into frames * HopLength samples.</summary>
    public static float[] Synthesize(this IVocoder vocoder, Tensor mel, ExcitationNoise noise)
    {
        using var excitation = vocoder.BeginExcitation(noise);
        return vocoder.Decode(mel, excitation.Append(mel, last: true).Samples);
    }

    /// <summary>Takes the next frames, decodes what is to be decoded and returns the samples that are final by now.</summary>
    /// <param name="mel">[frames, 80]; may have no rows.</param>
    /// <param name="last">Nothing follows: returns all that is left.</param>
    public static float[] Append(this IVocoderStream stream, Tensor mel, bool last) =>
        stream.Prepare(mel, last) is { } passage ? stream.Take(stream.Vocoder.Decode([passage])[0]) : [];
}
