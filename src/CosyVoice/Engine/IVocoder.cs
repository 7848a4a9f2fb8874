using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>
/// Mel spectrogram in, samples out, in two steps: the excitation (what the vocal cords do) has a phase and is made in
/// the order of time; decoding (what mouth and nose make of it) looks at a passage by itself.
/// </summary>
public interface IVocoder : IDisposable
{
    /// <summary>Samples per second of the output.</summary>
    int SampleRate { get; }

    /// <summary>Samples per mel frame.</summary>
    int HopLength { get; }

    /// <summary>Begins the excitation of an utterance.</summary>
    IExcitation BeginExcitation(ExcitationNoise noise);

    /// <summary>Turns mel [frames, 80] and its excitation [frames * HopLength] into as many samples in [-0.99, 0.99].</summary>
    /// <remarks>
    /// At least one frame. Samples near an end would be others if the mel went on there; how far that reaches is the
    /// matter of <see cref="VocoderStream"/>.
    /// </remarks>
    float[] Decode(Tensor mel, ReadOnlySpan<float> excitation);
}

/// <summary>
/// Fills noise of the excitation, standard normal, from element <paramref name="first"/> of the utterance's table
/// [samples, harmonics] on, row-major.
/// </summary>
public delegate void ExcitationNoise(long first, Span<float> noise);
