using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The estimator of CosyVoice 2's flow, after CausalConditionalDecoder of the reference (cosyvoice/flow/decoder.py), for the
/// guided and the unguided sequence at once. Every convolution looks back only.
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
internal sealed class ConditionalDecoder : IEstimator
{
    private readonly EstimatorConfig _config;
    private readonly int _channels;
    private readonly Tensor _timeEmbedding; // [steps, 4 * channels]
    private readonly EstimatorStage _down;
    private readonly WindowedLinear _downConv;
    private readonly EstimatorStage[] _middle;
    private readonly EstimatorStage _up;
    private readonly WindowedLinear _upConv;
    private readonly CausalBlock _finalBlock;
    private readonly WindowedLinear _finalProj;

    /// <param name="times">The t of every solver step.</param>
    public ConditionalDecoder(WeightScope w, EstimatorConfig config, Workers workers, ReadOnlySpan<float> times)
    {
        (_config, _channels) = (config, config.Channels[0]);
        _timeEmbedding = TimeEmbedding.Compute(w["time_mlp"]["linear_1"], w["time_mlp"]["linear_2"], workers, times, config.InChannels, 4 * _channels);
        using var time = Tensor.From(_timeEmbedding.Span, _timeEmbedding.Rows, _timeEmbedding.Columns);
        Activations.Mish(time.Span);

        _down = Stage(w["down_blocks"][0], "est_down0", config.InChannels);
        _downConv = WindowedLinear.Convolution(w["down_blocks"][0][2], _channels, _channels, CausalBlock.Taps);
        _middle = [.. Enumerable.Range(0, config.MidBlocks).Select(i => Stage(w["mid_blocks"][i], $"est_mid{i}", _channels))];
        _up = Stage(w["up_blocks"][0], "est_up0", 2 * _channels);
        _upConv = WindowedLinear.Convolution(w["up_blocks"][0][2], _channels, _channels, CausalBlock.Taps);
        _finalBlock = new CausalBlock(w["final_block"], _channels, _channels);
        _finalProj = WindowedLinear.Convolution(w["final_proj"], _channels, config.OutChannels, 1);

        EstimatorStage Stage(WeightScope scope, string name, int inputs) => new(scope, name, inputs, config, workers, time);
    }

    public int Gap => CausalBlock.Taps - 1;

    /// <summary>s.Input [rows, in channels] at the time of <paramref name="step"/> to s.Output [rows, out channels].</summary>
    public void Forward(Workers workers, FramePair frames, int step, bool streaming, EstimatorScratch s, FlowTrace? trace)
    {
        var mask = new ChunkMask(streaming ? _config.StaticChunkSize : 0);
        var guided = trace is null ? null : new FramePairTrace(trace, frames);
        trace?.Invoke("est_time_emb", _timeEmbedding.Row(step), _timeEmbedding.Columns);

        _down.Forward(workers, frames, step, mask, s.Input, s.State, s, guided);
        s.Joined.Resize(frames.Rows, 2 * _channels);
        CopyColumns(s.State, s.Joined, _channels);
        Convolve(workers, frames, _downConv, s.State, s.Previous);

        var (x, y) = (s.Previous, s.State);
        foreach (var stage in _middle)
        {
            stage.Forward(workers, frames, step, mask, x, y, s, guided);
            (x, y) = (y, x);
        }

        CopyColumns(x, s.Joined, 0);
        _up.Forward(workers, frames, step, mask, s.Joined, y, s, guided);
        Convolve(workers, frames, _upConv, y, x);
        Finish(workers, frames, x, s, guided);
    }

    public void Dispose()
    {
        foreach (var stage in (EstimatorStage[])[_down, .. _middle, _up])
        {
            stage.Dispose();
        }

        _timeEmbedding.Dispose();
        _downConv.Dispose();
        _upConv.Dispose();
        _finalBlock.Dispose();
        _finalProj.Dispose();
    }

    /// <summary>x through a convolution to y, both [rows, channels].</summary>
    private static void Convolve(Workers workers, FramePair frames, WindowedLinear conv, Tensor x, Tensor y)
    {
        y.Resize(frames.Rows, x.Columns);
        frames.ClearGaps(x);
        frames.For(workers, (start, end) => conv.Apply(x, y, start, end));
    }

    /// <summary>x [rows, channels] to s.Output [rows, out channels].</summary>
    private void Finish(Workers workers, FramePair frames, Tensor x, EstimatorScratch s, FramePairTrace? trace)
    {
        s.Convolved.Resize(frames.Rows, _channels);
        s.Output.Resize(frames.Rows, _config.OutChannels);
        frames.ClearGaps(x);
        frames.For(workers, (start, end) =>
        {
            _finalBlock.Apply(x, s.Convolved, start, end);
            _finalProj.Apply(s.Convolved, s.Output, start, end);
        });
        trace?.Record("est_final_block", s.Convolved);
    }

    /// <summary>All of source [rows, n] to columns [column, column + n) of target.</summary>
    private static void CopyColumns(Tensor source, Tensor target, int column)
    {
        for (var row = 0; row < source.Rows; row++)
        {
            source.Row(row).CopyTo(target.Row(row)[column..]);
        }
    }
}
