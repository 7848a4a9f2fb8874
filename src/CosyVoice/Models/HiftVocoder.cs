using System.Runtime.CompilerServices;
using CosyVoice.Audio;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Kernels.Lanes;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// HiFT, the vocoder of CosyVoice 2 and 3: mel [frames, 80] - f0 - excitation [samples] - its short-time spectrum, which
/// enters at every stage; mel - conv_pre - three times (LeakyReLU, transposed convolution, plus the spectrum through
/// a strided convolution and a residual block, mean of three residual blocks) - conv_post - magnitude and phase -
/// inverse transform [samples].
/// Source: <c>HiFTGenerator</c> and <c>CausalHiFTGenerator</c> of the CosyVoice reference; after Li et al., "HiFTNet" (2023).
/// Weights never change after loading, and every call takes its own scratch: calls may run at the same time.
/// </summary>
public sealed class HiftVocoder : ITracedVocoder
{
    internal const float PostSlope = 0.01f; // The reference's default there, not LreluSlope.
    internal const float MaxMagnitude = 100;

    private const int BlockRows = 512;

    private readonly HiftConfig _config;
    private readonly Workers _workers;
    private readonly (int Left, int Right) _prePadding;
    private readonly (int Left, int Right) _postPadding;
    private readonly ShortTimeFourier _fourier;
    private readonly HiftScratchPool _scratch = new();

    /// <summary>Reads the weights below <paramref name="w"/>, whose names carry no <c>generator.</c> prefix.</summary>
    public HiftVocoder(WeightScope w, HiftConfig config, Workers workers)
    {
        config.Validate();
        (_config, _workers) = (config, workers);
        (_prePadding, _postPadding) = (config.PrePadding, config.PostPadding);
        _fourier = new ShortTimeFourier(config.IstftNFft, config.IstftHopLen);
        F0Predictor = new F0Predictor(w["f0_predictor"], config.InChannels, config.F0CondChannels, config.IsCausal);
        MSource = new HarmonicSource(w["m_source"], config);
        ConvPre = new Conv1d(w["conv_pre"], config.InChannels, config.BaseChannels, _prePadding.Left + 1 + _prePadding.Right);
        Stages = [.. Enumerable.Range(0, config.UpsampleRates.Count).Select(stage => new HiftStage(w, config, stage))];
        ConvPost = new Conv1d(w["conv_post"], Stages[^1].Channels, 2 * _fourier.Bins, HiftConfig.PostKernel);
        Reach = HiftReach.Of(config, F0Predictor.After);
    }

    public int SampleRate => _config.SamplingRate;

    public int HopLength => _config.HopLength;

    public VocoderReach Reach { get; }

    private F0Predictor F0Predictor { get; }

    private HarmonicSource MSource { get; }

    private Conv1d ConvPre { get; }

    private HiftStage[] Stages { get; }

    private Conv1d ConvPost { get; }

    public IExcitation BeginExcitation(ExcitationNoise noise) => BeginExcitation(noise, trace: null);

    public float[] Decode(Tensor mel, ReadOnlySpan<float> excitation) => Decode(mel, excitation, trace: null);

    public void Dispose()
    {
        ConvPre.Dispose();
        ConvPost.Dispose();
        _fourier.Dispose();
        _scratch.Dispose();
        foreach (var stage in Stages)
        {
            stage.Dispose();
        }
    }

    IExcitation ITracedVocoder.BeginExcitation(ExcitationNoise noise, HiftTrace? trace) => BeginExcitation(noise, trace);

    float[] ITracedVocoder.Decode(Tensor mel, ReadOnlySpan<float> excitation, HiftTrace? trace) => Decode(mel, excitation, trace);

    private HiftExcitation BeginExcitation(ExcitationNoise noise, HiftTrace? trace) =>
        new HiftExcitation(F0Predictor, MSource, _config, _workers, _scratch, noise, trace);

    private float[] Decode(Tensor mel, ReadOnlySpan<float> excitation, HiftTrace? trace)
    {
        HiftDecodeCheck.Check(mel, excitation, _config);
        var scratch = _scratch.Rent();
        try
        {
            return Decode(mel, excitation, scratch, trace);
        }
        finally
        {
            _scratch.Return(scratch);
        }
    }

    /// <returns>[frames * hop].</returns>
    private float[] Decode(Tensor mel, ReadOnlySpan<float> excitation, HiftScratch scratch, HiftTrace? trace)
    {
        _fourier.Forward(_workers, excitation, scratch.PaddedSource, scratch.SourceSpectrum);
        trace?.Invoke("s_stft", scratch.SourceSpectrum);
        var x = scratch.Stage;
        ConvPre.Forward(_workers, mel, x, _prePadding.Left, _prePadding.Right);
        trace?.Invoke("conv_pre", x);
        var scale = 1f;
        foreach (var stage in Stages)
        {
            LeakyRelu(x, scale, _config.LreluSlope);
            stage.Forward(_workers, x, scratch, trace);
            scale = 1f / stage.Blocks; // The mean of the stage's blocks; it holds their sum.
        }

        LeakyRelu(x, scale, PostSlope);
        ConvPost.Forward(_workers, x, scratch.Spectrum, _postPadding.Left, _postPadding.Right);
        trace?.Invoke("conv_post", scratch.Spectrum);
        PolarForm.ToComplex(_workers, scratch.Spectrum, MaxMagnitude);
        var samples = new float[mel.Rows * HopLength];
        _fourier.Inverse(_workers, scratch.Spectrum, scratch.Frames, samples, _config.AudioLimit);
        return samples;
    }

    private void LeakyRelu(Tensor x, float scale, float slope) =>
        _workers.ForRows(x.Rows, BlockRows, (start, end) =>
        {
            var rows = x.RowRange(start, end - start);
            Elementwise.Apply(VectorWidths.Active, new ScaledLeakyRelu(scale, slope), rows, rows);
        });

    private readonly struct ScaledLeakyRelu(float scale, float slope) : IUnaryOperator
    {
        private readonly float _above = scale;
        private readonly float _below = scale * slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Invoke<T>(T x)
            where T : unmanaged, ILanes<T> => x * T.Select(x > T.Broadcast(0), T.Broadcast(_above), T.Broadcast(_below));
    }
}

/// <summary>Observes an intermediate result; valid during the call only.</summary>
internal delegate void HiftTrace(string name, Tensor value);
