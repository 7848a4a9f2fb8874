using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The estimator of CosyVoice 2's flow, after CausalConditionalDecoder of the reference (cosyvoice/flow/decoder.py). Every
/// convolution looks back only.
///
///   x, mu, speaker, condition            [4 * 80]
///     down     resnet, transformers      [c], kept for the way up
///              convolution
///     middle   resnet, transformers      [c], as often as configured
///     up       middle beside down        [2 c]
///              resnet, transformers      [c]
///              convolution
///     final    convolution, norm, mish; projection to 80
/// </summary>
internal sealed class TorchConditionalDecoder : IFrameEstimator
{
    private readonly float[][] _timeEmbedding; // per step, [4 * channels]
    private readonly TorchEstimatorStage _down;
    private readonly CausalConvolution _downConv;
    private readonly TorchEstimatorStage[] _middle;
    private readonly TorchEstimatorStage _up;
    private readonly CausalConvolution _upConv;
    private readonly TorchCausalBlock _finalBlock;
    private readonly Projection _finalProj;

    /// <param name="times">The t of every solver step.</param>
    public TorchConditionalDecoder(FlowStore store, WeightScope w, EstimatorConfig config, Workers workers, ReadOnlySpan<float> times)
    {
        var channels = config.Channels[0];
        using var time = TimeEmbedding.Compute(
            w["time_mlp"]["linear_1"], w["time_mlp"]["linear_2"], workers, times, config.InChannels, 4 * channels);
        _timeEmbedding = [.. Enumerable.Range(0, time.Rows).Select(step => time.Row(step).ToArray())];
        Activations.Mish(time.Span);

        _down = Stage(w["down_blocks"][0], "est_down0", config.InChannels);
        _downConv = new CausalConvolution(store, w["down_blocks"][0][2], channels, channels, CausalBlock.Taps);
        _middle = [.. Enumerable.Range(0, config.MidBlocks).Select(i => Stage(w["mid_blocks"][i], $"est_mid{i}", channels))];
        _up = Stage(w["up_blocks"][0], "est_up0", 2 * channels);
        _upConv = new CausalConvolution(store, w["up_blocks"][0][2], channels, channels, CausalBlock.Taps);
        _finalBlock = new TorchCausalBlock(store, w["final_block"], channels, channels);
        var finalProj = w["final_proj"].Get("weight", config.OutChannels, channels, 1).ToFloats();
        _finalProj = new Projection(store, finalProj, w["final_proj"].Get("bias", config.OutChannels).ToFloats(), channels);

        TorchEstimatorStage Stage(WeightScope scope, string name, int inputs) => new(store, scope, name, inputs, config, workers, time);
    }

    public Tensor Forward(Tensor input, int step, Tensor mask, int frames, TorchTrace? trace)
    {
        using var scope = NewDisposeScope();
        trace?.Record("est_time_emb", _timeEmbedding[step]);
        var down = _down.Forward(input, step, mask, frames, trace);
        var x = _downConv.Apply(down);
        foreach (var stage in _middle)
        {
            var y = stage.Forward(x, step, mask, frames, trace);
            x.Dispose();
            x = y;
        }

        x = _upConv.Apply(_up.Forward(cat([x, down], 2), step, mask, frames, trace));
        x = _finalBlock.Apply(x);
        trace?.Record("est_final_block", x, frames);
        return scope.MoveToOuter(_finalProj.Apply(x));
    }
}
