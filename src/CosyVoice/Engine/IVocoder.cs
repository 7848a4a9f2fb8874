using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>Mel spectrogram in, samples out.</summary>
public interface IVocoder : IDisposable
{
    /// <summary>Samples per second of the output.</summary>
    int SampleRate { get; }

    /// <summary>Samples per mel frame.</summary>
    int HopLength { get; }

    /// <summary>Turns mel [frames, 80] into frames * HopLength samples in [-0.99, 0.99].</summary>
    /// <param name="mel">[frames, 80], at least one frame.</param>
    /// <param name="cachedExcitation">Replaces the head of the excitation, so that its phase continues from an earlier call; may be empty.</param>
    /// <param name="noise">The excitation's noise.</param>
    VocoderOutput Synthesize(Tensor mel, ReadOnlySpan<float> cachedExcitation, ExcitationNoise noise);
}

/// <summary>Samples, and the excitation that they were made from; both [frames * HopLength].</summary>
public readonly record struct VocoderOutput(float[] Samples, float[] Excitation);

/// <summary>Fills the noise of one call, [samples, harmonics] row-major, standard normal.</summary>
public delegate void ExcitationNoise(Span<float> noise);
