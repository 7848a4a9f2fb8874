namespace CosyVoice.Models;

/// <summary>Sizes and constants of a HiFT vocoder, named as in the model folder's yaml.</summary>
public sealed record HiftConfig
{
    /// <summary>Mel bins.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels before the first upsampling; every stage halves them.</summary>
    public required int BaseChannels { get; init; }

    /// <summary>Overtones of the excitation beside the fundamental.</summary>
    public required int NbHarmonics { get; init; }

    /// <summary>Samples per second.</summary>
    public required int SamplingRate { get; init; }

    /// <summary>Amplitude of a harmonic.</summary>
    public required float NsfAlpha { get; init; }

    /// <summary>Amplitude of the noise where the frame is voiced.</summary>
    public required float NsfSigma { get; init; }

    /// <summary>A frame is voiced when its f0, in Hz, is above this.</summary>
    public required float NsfVoicedThreshold { get; init; }

    public required IReadOnlyList<int> UpsampleRates { get; init; }

    public required IReadOnlyList<int> UpsampleKernelSizes { get; init; }

    /// <summary><c>istft_params.n_fft</c>.</summary>
    public required int IstftNFft { get; init; }

    /// <summary><c>istft_params.hop_len</c>.</summary>
    public required int IstftHopLen { get; init; }

    public required IReadOnlyList<int> ResblockKernelSizes { get; init; }

    public required IReadOnlyList<IReadOnlyList<int>> ResblockDilationSizes { get; init; }

    public required IReadOnlyList<int> SourceResblockKernelSizes { get; init; }

    public required IReadOnlyList<IReadOnlyList<int>> SourceResblockDilationSizes { get; init; }

    /// <summary>Slope of the LeakyReLU before every upsampling (the one before conv_post is fixed at 0.01).</summary>
    public required float LreluSlope { get; init; }

    /// <summary>Samples are clamped to plus and minus this.</summary>
    public required float AudioLimit { get; init; }

    /// <summary><c>f0_predictor.cond_channels</c>.</summary>
    public required int F0CondChannels { get; init; }

    /// <summary>STFT frames per mel frame.</summary>
    public int UpsampleFactor => UpsampleRates.Aggregate(1, (product, rate) => product * rate);

    /// <summary>Samples per mel frame.</summary>
    public int HopLength => UpsampleFactor * IstftHopLen;

    /// <summary>Sine waves of the excitation.</summary>
    public int Waves => NbHarmonics + 1;

    /// <summary>Channels behind upsampling stage <paramref name="stage"/>.</summary>
    public int StageChannels(int stage) => BaseChannels >> (stage + 1);
}
