using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// The part of HiFT that decodes: the excitation's short-time spectrum, which enters at every stage; mel - conv_pre - three times
/// (LeakyReLU, upsampling, plus the spectrum through a strided convolution and a residual block, mean of three residual
/// blocks) - conv_post - magnitude and phase - inverse transform.
/// </summary>
internal sealed class TorchHiftDecoder
{
    private readonly HiftConfig _config;
    private readonly TorchShortTimeFourier _fourier;
    private readonly TorchConvolution _convPre;
    private readonly TorchHiftStage[] _stages;
    private readonly TorchConvolution _convPost;

    public TorchHiftDecoder(DeviceStore store, WeightScope w, HiftConfig config)
    {
        _config = config;
        _fourier = new TorchShortTimeFourier(store, config.IstftNFft, config.IstftHopLen);
        _convPre = new TorchConvolution(
            store, w["conv_pre"], config.InChannels, config.BaseChannels, config.PrePadding.Left + 1 + config.PrePadding.Right, config.PrePadding);

        // A stage gives the sum of its blocks; that it should be the mean is the next layer's weights' business.
        var mean = 1f / config.ResblockKernelSizes.Count;
        _stages = [.. Enumerable.Range(0, config.UpsampleRates.Count)
            .Select(stage => new TorchHiftStage(store, w, config, stage, stage == 0 ? 1 : mean))];
        _convPost = new TorchConvolution(
            store, w["conv_post"], _stages[^1].Channels, 2 * _fourier.Bins, HiftConfig.PostKernel, config.PostPadding, factor: mean);
    }

    /// <summary>mel [batch, bins, frames] and excitation [batch, 1, samples] to log magnitudes and angles, [batch, 2 * bins, spectra].</summary>
    public Tensor Polar(Tensor mel, Tensor excitation, TorchHiftTrace? trace)
    {
        var spectrum = _fourier.Forward(excitation);
        trace?.Record("s_stft", spectrum);
        var x = _convPre.Apply(mel);
        trace?.Record("conv_pre", x);
        foreach (var stage in _stages)
        {
            x = stage.Forward(functional.leaky_relu(x, _config.LreluSlope), spectrum, trace);
        }

        x = _convPost.Apply(functional.leaky_relu(x, HiftVocoder.PostSlope));
        trace?.Record("conv_post", x);
        return x;
    }

    /// <summary>What <see cref="Polar"/> gives to samples, [batch, 1, samples].</summary>
    public Tensor Samples(Tensor polar) => _fourier.Inverse(ToComplex(polar)).clamp_(-_config.AudioLimit, _config.AudioLimit);

    /// <summary>Log magnitudes and numbers whose sine is the angle to real and imaginary parts.</summary>
    private Tensor ToComplex(Tensor x)
    {
        using var scope = NewDisposeScope();
        var magnitude = x.narrow(1, 0, _fourier.Bins).exp().clamp_max_(HiftVocoder.MaxMagnitude);
        var angle = x.narrow(1, _fourier.Bins, _fourier.Bins).sin();
        return scope.MoveToOuter(cat([magnitude.mul(angle.cos()), magnitude.mul(angle.sin())], 1));
    }
}
