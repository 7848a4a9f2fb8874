using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
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

    private readonly FlowStore _store;
    private readonly FlowConfig _config;
    private readonly IFrameEstimator _estimator;
    private readonly Tensor _noise; // [most frames, channels], fp32
    private readonly float[] _times;
    private readonly float[] _lengths;

    /// <param name="bucket">Frames come in multiples of this.</param>
    public TorchFlowMatching(FlowStore store, WeightScope w, FlowConfig config, Workers workers, FlowNoise noise, int bucket)
    {
        (_store, _config) = (store, config);
        (_times, _lengths) = FlowMatching.Schedule(config.Steps);
        var frames = (noise.Frames + bucket - 1) / bucket * bucket;
        var values = new float[frames * noise.Channels]; // Zeros behind the last frame of noise, which are padding.
        for (var frame = 0; frame < noise.Frames; frame++)
        {
            noise.CopyFrame(frame, values.AsSpan(frame * noise.Channels, noise.Channels));
        }

        _noise = store.Keep(tensor(values, [frames, noise.Channels], device: store.Device));
        _estimator = config.Transformer is { } transformer
            ? new TorchDiffusionTransformer(store, w["estimator"], config.OutputSize, transformer, workers, _times, frames)
            : new TorchConditionalDecoder(store, w["estimator"], config.Estimator!, workers, _times);
    }

    /// <param name="mu">The encoder's guess, [count, size, channels].</param>
    /// <param name="requests">With the mel that their first frames continue; fewer than the batch's, if it has unused sequences.</param>
    /// <param name="speakers">[channels] of each request.</param>
    /// <returns>The mel, [count, size, channels], of which the real frames have a meaning.</returns>
    public Tensor Solve(
        Tensor mu, IReadOnlyList<FlowRequest> requests, IReadOnlyList<float[]> speakers, FlowBatch batch, TorchTrace? trace,
        CancellationToken cancellationToken)
    {
        var (count, size, channels) = (batch.Count, mu.shape[1], mu.shape[2]);
        var frames = batch.FirstTokens * _config.TokenMelRatio;
        var input = Begin(mu, requests, speakers);
        var state = input.view(Sequences, count, size, -1).narrow(3, 0, channels);
        var mask = batch.Mask(_store, _config.TokenMelRatio, _config.ChunkTokens).repeat(Sequences, 1, 1, 1);
        var x = _noise.narrow(0, 0, size).repeat(count, 1, 1);
        for (var step = 0; step < _times.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            state.copy_(x);
            trace?.Record("t", [_times[step]]);
            var estimate = _estimator.Forward(input, step, mask, frames, trace);
            trace?.RecordAll("est_out", estimate, frames);
            x.add_(estimate.narrow(0, 0, count), alpha: (1 + _config.GuidanceRate) * _lengths[step]);
            x.add_(estimate.narrow(0, count, count), alpha: -_config.GuidanceRate * _lengths[step]);
            trace?.Record($"x_after_step{step + 1}", x, frames);
        }

        return x;
    }

    /// <summary>The estimator's input without x: mu, speaker and condition behind room for it; the unguided sequences, which follow, have zeros.</summary>
    private Tensor Begin(Tensor mu, IReadOnlyList<FlowRequest> requests, IReadOnlyList<float[]> speakers)
    {
        var (count, size, channels) = (mu.shape[0], mu.shape[1], mu.shape[2]);
        var input = zeros([Sequences * count, size, Parts * channels], _store.Type, _store.Device);
        using var scope = NewDisposeScope();
        input.narrow(0, 0, count).narrow(2, channels, channels).copy_(mu);
        for (var i = 0; i < requests.Count; i++)
        {
            var guided = input.select(0, i);
            guided.narrow(1, 2 * channels, channels).copy_(tensor(speakers[i], device: _store.Device));
            var rows = requests[i].PromptMel.Length / channels;
            if (rows > 0)
            {
                var given = tensor(requests[i].PromptMel.ToArray(), [rows, channels], device: _store.Device);
                guided.narrow(0, 0, rows).narrow(1, 3 * channels, channels).copy_(given);
            }
        }

        return input;
    }
}
