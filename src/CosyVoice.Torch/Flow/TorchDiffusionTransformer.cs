using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The estimator of CosyVoice 3's flow, after DiT of the reference (cosyvoice/flow/DiT/dit.py; Peebles and Xie 2023, as in
/// F5-TTS).
///
///   x, mu, speaker, condition                 [4 * 80]
///     input_embed      linear                 [c]
///                      plus two grouped causal convolutions of 31 taps, each with mish
///     transformer_blocks                      [c], as often as configured
///     norm_out         modulated norm
///     proj_out         linear                 [80]
/// </summary>
internal sealed class TorchDiffusionTransformer : IFrameEstimator
{
    private const int TimeFrequencies = 256;
    private const int ConvGroups = 16;
    private const int ConvTaps = 31;
    private const int Scale = 0;
    private const int Shift = 1;

    private readonly float[][] _timeEmbedding; // per step, [width]
    private readonly (Tensor Cosines, Tensor Sines) _rotation; // each [most frames, 1, head size]
    private readonly Projection _proj;
    private readonly TorchGroupedConvolution _conv1;
    private readonly TorchGroupedConvolution _conv2;
    private readonly TorchDiffusionTransformerBlock[] _blocks;
    private readonly TorchModulation _normOut;
    private readonly Projection _projOut;

    /// <param name="times">The t of every solver step.</param>
    /// <param name="mostFrames">The most that an input has, padding included.</param>
    public TorchDiffusionTransformer(
        FlowStore store, WeightScope w, int bins, DiffusionTransformerConfig config, Workers workers, ReadOnlySpan<float> times, int mostFrames)
    {
        var timeMlp = w["time_embed"]["time_mlp"];
        using var time = TimeEmbedding.Compute(timeMlp[0], timeMlp[2], workers, times, TimeFrequencies, config.Width);
        _timeEmbedding = [.. Enumerable.Range(0, time.Rows).Select(step => time.Row(step).ToArray())];
        Kernels.Activations.Silu(time.Span);

        _proj = InputProjection(store, w["input_embed"]["proj"], bins, config.Width);
        var positions = w["input_embed"]["conv_pos_embed"];
        _conv1 = new TorchGroupedConvolution(store, positions["conv1"][0], config.Width, ConvGroups, ConvTaps);
        _conv2 = new TorchGroupedConvolution(store, positions["conv2"][0], config.Width, ConvGroups, ConvTaps);
        _rotation = Rotation(store, w["rotary_embed"].Get("inv_freq", config.HeadSize / 2).ToFloats(), mostFrames);
        _blocks = [.. Enumerable.Range(0, config.Depth)
            .Select(i => new TorchDiffusionTransformerBlock(store, w["transformer_blocks"][i], config, workers, time))];
        _normOut = new TorchModulation(store, w["norm_out"], workers, time, 2, Scale);
        _projOut = new Projection(store, w["proj_out"], config.Width, bins);
    }

    public Tensor Forward(Tensor input, int step, Tensor mask, int frames, TorchTrace? trace)
    {
        using var scope = NewDisposeScope();
        trace?.Record("est_time_emb", _timeEmbedding[step]);
        var x = EmbedInput(input);
        trace?.Record("est_input_embed", x, frames);
        var rotation = (_rotation.Cosines.narrow(0, 0, input.shape[1]), _rotation.Sines.narrow(0, 0, input.shape[1]));
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].Forward(x, step, rotation, mask, frames, $"est_block{i}", trace);
        }

        x = _normOut.Norm(x, step, Scale, Shift);
        trace?.Record("est_norm_out", x, frames);
        return scope.MoveToOuter(_projOut.Apply(x));
    }

    /// <summary>The weights are stored for x, condition, mu, speaker.</summary>
    private static Projection InputProjection(FlowStore store, WeightScope w, int bins, int width)
    {
        using var scope = NewDisposeScope();
        int[] order = [0, 2, 3, 1];
        var stored = w.Get("weight", width, order.Length * bins).ToFloats();
        var weight = new float[stored.Length];
        for (var i = 0; i < weight.Length; i += bins)
        {
            var (row, block) = (i / bins / order.Length, i / bins % order.Length);
            stored.AsSpan(((row * order.Length) + order[block]) * bins, bins).CopyTo(weight.AsSpan(i));
        }

        return new Projection(store, weight, w.Get("bias", width).ToFloats(), order.Length * bins);
    }

    /// <summary>Every angle twice, for both channels of a pair.</summary>
    private static (Tensor Cosines, Tensor Sines) Rotation(FlowStore store, float[] inverseFrequencies, int frames)
    {
        var (cosines, sines) = (new float[frames * inverseFrequencies.Length * 2], new float[frames * inverseFrequencies.Length * 2]);
        for (var i = 0; i < cosines.Length; i++)
        {
            var (position, pair) = (i / 2 / inverseFrequencies.Length, i / 2 % inverseFrequencies.Length);
            (sines[i], cosines[i]) = MathF.SinCos(position * inverseFrequencies[pair]);
        }

        var size = 2 * inverseFrequencies.Length;
        return (store.From(cosines, frames, 1, size), store.From(sines, frames, 1, size));
    }

    /// <summary>input [batch, size, 4 * bins] to [batch, size, width].</summary>
    private Tensor EmbedInput(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _proj.Apply(input);
        var y = functional.mish(_conv1.Apply(x.transpose(1, 2)));
        y = functional.mish(_conv2.Apply(y));
        return scope.MoveToOuter(x.add_(y.transpose(1, 2)));
    }
}
