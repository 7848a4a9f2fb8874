using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// HiFT, the vocoder of CosyVoice 2 and 3, on a device: mel [frames, 80] - f0 - excitation [samples], whose waves are added up by the
/// processor; mel and excitation - decoder - samples. Passages of one length can be decoded side by side.
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
    private readonly TorchHiftDecoder _decoder;
    private readonly PassageRows _rows;

    /// <param name="store">Of type fp32; becomes this vocoder's.</param>
    /// <param name="w">Whose names carry no <c>generator.</c> prefix.</param>
    public TorchVocoder(DeviceStore store, WeightScope w, HiftConfig config, TorchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkRows, 1, nameof(options.ChunkRows));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ChunkRows, 64, nameof(options.ChunkRows));
        config.Validate();
        (_store, _config, _options) = (store, config, options);
        _f0Predictor = new TorchPitchPredictor(store, w["f0_predictor"], config, options);
        _mSource = new HarmonicSource(w["m_source"], config);
        _decoder = new TorchHiftDecoder(store, w, config);
        _rows = new PassageRows(Steps, config, store.Device, options.ChunkRows);
        Reach = HiftReach.Of(config, _f0Predictor.After);
    }

    public int SampleRate => _config.SamplingRate;

    public int HopLength => _config.HopLength;

    public VocoderReach Reach { get; }

    public IExcitation BeginExcitation(ExcitationNoise noise) => BeginExcitation(noise, trace: null);

    public IExcitation BeginExcitation(ExcitationNoise noise, HiftTrace? trace) =>
        new HiftExcitation(_f0Predictor, _mSource, _config, _workers, _scratch, noise, trace);

    public int BatchSizeOf(int frames) => _rows.Most(frames);

    public float[] Decode(HostTensor mel, ReadOnlySpan<float> excitation) => Decode(mel, excitation, trace: null);

    public float[] Decode(HostTensor mel, ReadOnlySpan<float> excitation, HiftTrace? trace) =>
        Decode([new(mel, excitation.ToArray())], trace)[0];

    public IReadOnlyList<float[]> Decode(IReadOnlyList<VocoderPassage> passages) => Decode(passages, trace: null);

    public void Dispose()
    {
        _store.Dispose();
        _scratch.Dispose();
        _workers.Dispose();
    }

    private float[][] Decode(IReadOnlyList<VocoderPassage> passages, HiftTrace? trace)
    {
        Check(passages);
        return TorchMemory.Guard(_options, () =>
        {
            using var inference = inference_mode();
            var rows = _rows.Of(passages[0].Frames);
            return passages.Chunk(rows).SelectMany(call => Compute(call, rows, trace)).ToArray();
        });
    }

    private Tensor[] Steps(Tensor mel, Tensor excitation)
    {
        var polar = _decoder.Polar(mel, excitation, trace: null);
        return [polar, _decoder.Samples(polar)];
    }

    /// <param name="rows">Computed, used or not.</param>
    private float[][] Compute(VocoderPassage[] passages, int rows, HiftTrace? trace)
    {
        using var scope = NewDisposeScope();
        var (frames, samples) = (passages[0].Frames, passages[0].Excitation.Length);
        var excitation = OnDevice(passages, passage => passage.Excitation.Span, rows, 1, samples);
        var mel = OnDevice(passages, passage => passage.Mel.Span, rows, frames, _config.InChannels).transpose(1, 2);
        var polar = _decoder.Polar(mel, excitation, trace is null ? null : new TorchHiftTrace(trace));
        var decoded = _decoder.Samples(polar).narrow(0, 0, passages.Length).ToFloats();
        return [.. decoded.Chunk(samples)];
    }

    /// <summary>Of every passage a row; zeros in those that nobody uses.</summary>
    private Tensor OnDevice(VocoderPassage[] passages, Part part, params long[] shape)
    {
        var size = (int)(shape[1] * shape[2]);
        var values = new float[shape[0] * size];
        for (var i = 0; i < passages.Length; i++)
        {
            part(passages[i]).CopyTo(values.AsSpan(i * size));
        }

        return tensor(values, shape, device: _store.Device);
    }

    private void Check(IReadOnlyList<VocoderPassage> passages)
    {
        foreach (var passage in passages)
        {
            HiftDecodeCheck.Check(passage.Mel, passage.Excitation.Span, _config);
            if (passage.Frames != passages[0].Frames)
            {
                throw new ArgumentException(
                    $"Passages of {passage.Frames} and {passages[0].Frames} frames in one call; give those of one length.", nameof(passages));
            }
        }

        var most = passages.Count > 0 ? BatchSizeOf(passages[0].Frames) : 1;
        if (passages.Count < 1 || passages.Count > most)
        {
            throw new ArgumentException($"{passages.Count} passages in one call; this vocoder takes 1 to {most} of this length.", nameof(passages));
        }
    }

    private delegate ReadOnlySpan<float> Part(VocoderPassage passage);
}
