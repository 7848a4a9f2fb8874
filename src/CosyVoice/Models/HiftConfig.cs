namespace CosyVoice.Models;

/// <summary>Sizes and constants of a HiFT vocoder, named as in the model folder's yaml.</summary>
public sealed record HiftConfig
{
    internal const int PostKernel = 7;

    private const int CentredKernel = 7;
    private const int MaxHopLength = 8192;

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

    /// <summary>
    /// Mel frames that CosyVoice 3's vocoder, which otherwise looks back only, sees ahead (<c>conv_pre_look_right</c>); null:
    /// CosyVoice 2's, which looks both ways.
    /// </summary>
    public int? ConvPreLookRight { get; init; }

    /// <summary>Whether every convolution but the first looks back only.</summary>
    public bool IsCausal => ConvPreLookRight is not null;

    /// <summary>STFT frames per mel frame.</summary>
    public int UpsampleFactor => UpsampleRates.Aggregate(1, (product, rate) => product * rate);

    /// <summary>Samples per mel frame.</summary>
    public int HopLength => UpsampleFactor * IstftHopLen;

    /// <summary>Sine waves of the excitation.</summary>
    public int Waves => NbHarmonics + 1;

    /// <summary>Channels behind upsampling stage <paramref name="stage"/>.</summary>
    public int StageChannels(int stage) => BaseChannels >> (stage + 1);

    /// <summary>Frames of zeros around the first convolution, whose taps are these and one.</summary>
    internal (int Left, int Right) PrePadding => ConvPreLookRight is { } right ? (0, right) : (CentredKernel / 2, CentredKernel / 2);

    /// <summary>Frames of zeros around the last convolution.</summary>
    internal (int Left, int Right) PostPadding => IsCausal ? (PostKernel - 1, 0) : (PostKernel / 2, PostKernel / 2);

    /// <summary>STFT frames per row behind upsampling stage <paramref name="stage"/>.</summary>
    internal int SourceStride(int stage) => UpsampleRates.Skip(stage + 1).Aggregate(1, (product, next) => product * next);

    /// <summary>Throws one exception that names every value of which no vocoder can be built.</summary>
    internal void Validate()
    {
        var stages = UpsampleRates.Count;
        var problems = new List<string>();
        Require(InChannels > 0, $"in_channels {InChannels}: at least 1");
        Require(NbHarmonics >= 0, $"nb_harmonics {NbHarmonics}: at least 0");
        Require(SamplingRate > 0, $"sampling_rate {SamplingRate}: at least 1");
        Require(F0CondChannels > 0, $"cond_channels {F0CondChannels}: at least 1");
        Require(AudioLimit > 0, $"audio_limit {AudioLimit}: above 0");
        Require(stages > 0 && UpsampleRates.All(rate => rate > 0), $"upsample_rates {Show(UpsampleRates)}: one or more, each at least 1");
        var hop = UpsampleRates.Aggregate((double)IstftHopLen, (product, rate) => product * rate);
        Require(hop <= MaxHopLength, $"upsample_rates {Show(UpsampleRates)} times hop_len {IstftHopLen}: at most {MaxHopLength} samples per mel frame");
        Require(
            BaseChannels > 0 && BaseChannels % (1 << stages) == 0,
            $"base_channels {BaseChannels}: a multiple of {1 << stages}, since each of {stages} stages halves them");
        Require(
            UpsampleKernelSizes.Count == stages
                && UpsampleKernelSizes.Zip(UpsampleRates).All(pair => pair.First >= pair.Second && (pair.First - pair.Second) % 2 == 0),
            $"upsample_kernel_sizes {Show(UpsampleKernelSizes)}: one per rate of {Show(UpsampleRates)}, larger by an even number");
        Require(ConvPreLookRight is null or (>= 0 and <= 64), $"conv_pre_look_right {ConvPreLookRight}: 0 to 64");
        Require(IstftNFft > 1 && IstftNFft % 2 == 0, $"n_fft {IstftNFft}: even, at least 2");
        Require(IstftNFft < 2 * hop, $"n_fft {IstftNFft}: below twice the {hop} samples of a mel frame");
        Require(IstftHopLen > 0 && IstftHopLen <= IstftNFft / 2, $"hop_len {IstftHopLen}: 1 to half of n_fft, {IstftNFft / 2}");
        RequireBlocks("resblock", ResblockKernelSizes, ResblockDilationSizes, Math.Max(1, ResblockKernelSizes.Count));
        RequireBlocks("source_resblock", SourceResblockKernelSizes, SourceResblockDilationSizes, stages);
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The yaml's hift section cannot be used: {string.Join("; ", problems)}.");
        }

        void RequireBlocks(string name, IReadOnlyList<int> kernels, IReadOnlyList<IReadOnlyList<int>> dilations, int blocks)
        {
            Require(
                kernels.Count == blocks && kernels.All(kernel => kernel > 0 && kernel % 2 == 1),
                $"{name}_kernel_sizes {Show(kernels)}: {blocks}, each odd");
            Require(
                dilations.Count == blocks && dilations.All(list => list.Count > 0 && list.All(dilation => dilation > 0)),
                $"{name}_dilation_sizes [{string.Join(", ", dilations.Select(Show))}]: {blocks} lists of one or more, each at least 1");
        }

        void Require(bool condition, string problem)
        {
            if (!condition)
            {
                problems.Add(problem);
            }
        }

        static string Show(IReadOnlyList<int> values) => $"[{string.Join(", ", values)}]";
    }
}
