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

    /// <summary>How much of a mel a frame is to be decoded with.</summary>
    VocoderReach Reach { get; }

    /// <summary>Begins the excitation of an utterance.</summary>
    IExcitation BeginExcitation(ExcitationNoise noise);

    /// <summary>Turns mel [frames, 80] and its excitation [frames * HopLength] into as many samples in [-0.99, 0.99].</summary>
    /// <remarks>
    /// At least one frame. Samples near an end would be others if the mel went on there; how far that reaches is the
    /// matter of <see cref="VocoderStream"/>.
    /// </remarks>
    float[] Decode(Tensor mel, ReadOnlySpan<float> excitation);

    /// <summary>Passages of so many frames that one call takes, at least 1. More than one where a call costs about the same whoever shares it.</summary>
    int BatchSizeOf(int frames) => 1;

    /// <summary>The same for several passages.</summary>
    /// <param name="passages">1 to <see cref="BatchSizeOf"/>, all of as many frames.</param>
    /// <remarks>A passage's samples do not depend on what else is in the call.</remarks>
    IReadOnlyList<float[]> Decode(IReadOnlyList<VocoderPassage> passages) =>
        [.. passages.Select(passage => Decode(passage.Mel, passage.Excitation.Span))];
}

/// <summary>What is decoded in one piece.</summary>
/// <param name="Mel">[frames, 80].</param>
/// <param name="Excitation">[frames * HopLength].</param>
public readonly record struct VocoderPassage(Tensor Mel, ReadOnlyMemory<float> Excitation)
{
    public int Frames => Mel.Rows;
}

/// <summary>Frames at either side that a frame is to be decoded with, so that a cut mel sounds like the whole.</summary>
/// <param name="Before">Frames before it.</param>
/// <param name="After">Frames behind it, those included whose pitch the excitation needs.</param>
/// <param name="IsAll">Frames beyond have no influence at all: the samples are those of the whole mel, bit for bit; on a device, but for the rounding of other shapes.</param>
public readonly record struct VocoderReach(int Before, int After, bool IsAll);

/// <summary>
/// Fills noise of the excitation (standard normal in CosyVoice 2, uniform from 0 to 1 in CosyVoice 3) from element <paramref name="first"/> of the utterance's table
/// [samples, harmonics] on, row-major.
/// </summary>
public delegate void ExcitationNoise(long first, Span<float> noise);
