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
}
