using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// HiFT, the vocoder of CosyVoice 2 and 3, on a device: mel [frames, 80] - f0 - excitation [samples] - its short-time spectrum, which
/// enters at every stage; mel - conv_pre - three times (LeakyReLU, upsampling, plus the spectrum through
/// a strided convolution and a residual block, mean of three residual blocks) - conv_post - magnitude and phase -
/// inverse transform [samples]. The waves of the excitation are added up by the processor.
/// Source: <c>HiFTGenerator</c> and <c>CausalHiFTGenerator</c> of the CosyVoice reference; after Li et al., "HiFTNet" (2023).
/// Weights never change after loading: calls may run at the same time.
/// </summary>
internal sealed class TorchVocoder : ITracedVocoder
{
    private readonly HiftConfig _config;
    private readonly TorchOptions _options;
    private readonly DeviceStore _store;
    private readonly Workers _workers = new(1);
    private readonly HiftScratchPool _scratch = new();
    private readonly TorchPitchPredictor _f0Predictor;
    private readonly HarmonicSource _mSource;
    private readonly TorchShortTimeFourier _fourier;
    private readonly TorchConvolution _convPre;
    private readonly TorchHiftStage[] _stages;
    private readonly TorchConvolution _convPost;

    /// <param name="store">Of type fp32; becomes this vocoder's.</param>
    /// <param name="w">Whose names carry no <c>generator.</c> prefix.</param>
    public TorchVocoder(DeviceStore store, WeightScope w, HiftConfig config, TorchOptions options)
    {
        config.Validate();
        (_store, _config, _options) = (store, config, options);
        _fourier = new TorchShortTimeFourier(store, config.IstftNFft, config.IstftHopLen);
        _f0Predictor = new TorchPitchPredictor(store, w["f0_predictor"], config, options);
        _mSource = new HarmonicSource(w["m_source"], config);
        _convPre = new TorchConvolution(
            store, w["conv_pre"], config.InChannels, config.BaseChannels, config.PrePadding.Left + 1 + config.PrePadding.Right, config.PrePadding);

        // A stage gives the sum of its blocks; that it should be the mean is the next layer's weights' business.
        var mean = 1f / config.ResblockKernelSizes.Count;
        _stages = [.. Enumerable.Range(0, config.UpsampleRates.Count)
            .Select(stage => new TorchHiftStage(store, w, config, stage, stage == 0 ? 1 : mean))];
        _convPost = new TorchConvolution(
            store, w["conv_post"], _stages[^1].Channels, 2 * _fourier.Bins, HiftConfig.PostKernel, config.PostPadding, factor: mean);
        Reach = HiftReach.Of(config, _f0Predictor.After);
    }

    public int SampleRate => _config.SamplingRate;

    public int HopLength => _config.HopLength;

    public VocoderReach Reach { get; }

    public IExcitation BeginExcitation(ExcitationNoise noise) => BeginExcitation(noise, trace: null);

    public IExcitation BeginExcitation(ExcitationNoise noise, HiftTrace? trace) =>
        new HiftExcitation(_f0Predictor, _mSource, _config, _workers, _scratch, noise, trace);

    public float[] Decode(HostTensor mel, ReadOnlySpan<float> excitation) => Decode(mel, excitation, trace: null);

    public float[] Decode(HostTensor mel, ReadOnlySpan<float> excitation, HiftTrace? trace)
    {
        HiftDecodeCheck.Check(mel, excitation, _config);
        var source = excitation.ToArray();
        return TorchMemory.Guard(_options, () => Compute(mel, source, trace));
    }

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
        _workers.Dispose();
    }

    private float[] Compute(HostTensor mel, float[] excitation, HiftTrace? trace)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var shown = trace is null ? null : new TorchHiftTrace(trace);
        var signal = tensor(excitation, [1, 1, excitation.Length], device: _store.Device);
        var spectrum = _fourier.Forward(signal);
        shown?.Record("s_stft", spectrum);
        var x = _convPre.Apply(tensor(mel.Span.ToArray(), [1, mel.Rows, mel.Columns], device: _store.Device).transpose(1, 2));
        shown?.Record("conv_pre", x);
        foreach (var stage in _stages)
        {
            x = stage.Forward(functional.leaky_relu(x, _config.LreluSlope), spectrum, shown);
        }

        x = _convPost.Apply(functional.leaky_relu(x, HiftVocoder.PostSlope));
        shown?.Record("conv_post", x);
        return _fourier.Inverse(ToComplex(x)).clamp_(-_config.AudioLimit, _config.AudioLimit).ToFloats();
    }

    /// <summary>Log magnitudes and numbers whose sine is the angle to real and imaginary parts.</summary>
    private Tensor ToComplex(Tensor x)
    {
        using var scope = NewDisposeScope();
        var magnitude = x.narrow(1, 0, _fourier.Bins).exp().clamp_max_(HiftVocoder.MaxMagnitude);
        var angle = x.narrow(1, _fourier.Bins, _fourier.Bins).sin();
        return scope.MoveToOuter(cat([magnitude.mul(angle.cos()), magnitude.mul(angle.sin())], 1));
    }
}
