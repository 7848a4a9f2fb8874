using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The solver of the flow (Lipman et al. 2023), after CausalConditionalCFM of the reference
/// (cosyvoice/flow/flow_matching.py): from fixed noise along the estimated direction to the mel, by Euler steps over
/// a cosine schedule that is fine at the start. Classifier-free guidance: the direction is (1 + g) times the one
/// estimated with mu, speaker and condition, less g times the one without; both are one batch. The state is in fp32 in any type.
/// </summary>
internal sealed class TorchFlowMatching
{
    private const int Sequences = 2; // The guided and the unguided one.
    private const int Parts = 4; // x, mu, speaker, condition

    private readonly DeviceStore _store;
    private readonly IFrameEstimator _estimator;
    private readonly Tensor _noise; // [most frames, channels], fp32
    private readonly float _guidance;
    private readonly float[] _times;
    private readonly float[] _lengths;

    /// <param name="bucket">Frames come in multiples of this.</param>
    public TorchFlowMatching(DeviceStore store, WeightScope w, FlowConfig config, Workers workers, FlowNoise noise, int bucket)
    {
        (_store, _guidance) = (store, config.GuidanceRate);
        (_times, _lengths) = FlowMatching.Schedule(config.Steps);
        var frames = (noise.Frames + bucket - 1) / bucket * bucket;
        var values = new float[frames * noise.Channels]; // Zeros behind the last frame of noise, which are padding.
        for (var frame = 0; frame < noise.Frames; frame++)
        {
            noise.CopyFrame(frame, values.AsSpan(frame * noise.Channels, noise.Channels));
        }

        _noise = store.Keep(torch.tensor(values, [frames, noise.Channels], device: store.Device));
        _estimator = config.Transformer is { } transformer
            ? new TorchDiffusionTransformer(store, w["estimator"], config.OutputSize, transformer, workers, _times, frames)
            : new TorchConditionalDecoder(store, w["estimator"], config.Estimator!, workers, _times);
    }

    /// <param name="mu">The encoder's guess, [1, size, channels].</param>
    /// <param name="speaker">[channels].</param>
    /// <param name="given">The mel that the first frames continue, [given frames * channels]; may be empty.</param>
    /// <param name="frames">How many of size are real.</param>
    /// <returns>The mel, [size, channels], of which the real frames have a meaning.</returns>
    public Tensor Solve(
        Tensor mu, ReadOnlySpan<float> speaker, ReadOnlySpan<float> given, int frames, bool streaming, TorchTrace? trace,
        CancellationToken cancellationToken)
    {
        var size = mu.shape[1];
        var input = Begin(mu, speaker, given);
        var state = input.narrow(2, 0, speaker.Length);
        var mask = AttentionMask.Create(_store, (int)size, frames, streaming ? _estimator.ChunkFrames : 0);
        var x = _noise.narrow(0, 0, size).clone();
        for (var step = 0; step < _times.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            state.copy_(x);
            trace?.Record("t", [_times[step]]);
            var estimate = _estimator.Forward(input, step, mask, frames, trace);
            trace?.RecordAll("est_out", estimate, frames);
            x.add_(estimate.select(0, 0), alpha: (1 + _guidance) * _lengths[step]);
            x.add_(estimate.select(0, 1), alpha: -_guidance * _lengths[step]);
            trace?.Record($"x_after_step{step + 1}", x.unsqueeze(0), frames);
        }

        return x;
    }

    /// <summary>The estimator's input without x: mu, speaker and condition behind room for it; the unguided sequence has zeros.</summary>
    private Tensor Begin(Tensor mu, ReadOnlySpan<float> speaker, ReadOnlySpan<float> given)
    {
        var (size, channels) = (mu.shape[1], speaker.Length);
        var input = zeros([Sequences, size, Parts * channels], _store.Type, _store.Device);
        using var scope = NewDisposeScope();
        var guided = input.select(0, 0);
        guided.narrow(1, channels, channels).copy_(mu.select(0, 0));
        guided.narrow(1, 2 * channels, channels).copy_(torch.tensor(speaker.ToArray(), device: _store.Device));
        if (!given.IsEmpty)
        {
            var rows = given.Length / channels;
            guided.narrow(0, 0, rows).narrow(1, 3 * channels, channels).copy_(torch.tensor(given.ToArray(), [rows, channels], device: _store.Device));
        }

        return input;
    }
}
