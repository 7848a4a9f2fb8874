using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Refuses what a vocoder cannot decode.</summary>
internal static class HiftDecodeCheck
{
    public static void Check(Tensor mel, ReadOnlySpan<float> excitation, HiftConfig config)
    {
        if (mel.Rows < 1 || mel.Columns != config.InChannels)
        {
            throw new ArgumentException(
                $"mel is [{mel.Rows}, {mel.Columns}]; the vocoder takes at least one frame of {config.InChannels} bins.", nameof(mel));
        }

        if (excitation.Length != (long)mel.Rows * config.HopLength)
        {
            throw new ArgumentException(
                $"{excitation.Length} samples of excitation do not match {mel.Rows} mel frames of {config.HopLength} samples.", nameof(excitation));
        }
    }
}
