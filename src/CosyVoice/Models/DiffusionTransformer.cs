using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The estimator of CosyVoice 3's flow, after DiT of the reference (cosyvoice/flow/DiT/dit.py; Peebles and Xie 2023, as in
/// F5-TTS), for the guided and the unguided sequence at once.
///
///   x, mu, speaker, condition                 [4 * 80]
///     input_embed      linear                 [c]
///                      plus two grouped causal convolutions of 31 taps, each with mish
///     transformer_blocks                      [c], as often as configured
///     norm_out         modulated norm
///     proj_out         linear                 [80]
/// </summary>
internal sealed class DiffusionTransformer : IEstimator
{
    private const int TimeFrequencies = 256;
    private const int ConvGroups = 16;
    private const int ConvTaps = 31;
    private const int Scale = 0;
    private const int Shift = 1;

    private readonly DiffusionTransformerConfig _config;
    private readonly int _bins;
    private readonly Tensor _timeEmbedding; // [steps, width]
    private readonly float[] _inverseFrequencies; // [head size / 2]
    private readonly WindowedLinear _proj;
    private readonly GroupedConvolution _conv1;
    private readonly GroupedConvolution _conv2;
    private readonly DiffusionTransformerBlock[] _blocks;
    private readonly Modulation _normOut;
    private readonly WindowedLinear _projOut;

    /// <param name="times">The t of every solver step.</param>
    public DiffusionTransformer(WeightScope w, int bins, DiffusionTransformerConfig config, Workers workers, ReadOnlySpan<float> times)
    {
        (_config, _bins) = (config, bins);
        var timeMlp = w["time_embed"]["time_mlp"];
        _timeEmbedding = TimeEmbedding.Compute(timeMlp[0], timeMlp[2], workers, times, TimeFrequencies, config.Width);
        using var time = Tensor.From(_timeEmbedding.Span, _timeEmbedding.Rows, _timeEmbedding.Columns);
        Activations.Silu(time.Span);

        // Stored for x, condition, mu, speaker.
        _proj = WindowedLinear.LinearOfBlocks(w["input_embed"]["proj"], bins, [0, 2, 3, 1], config.Width);
        var positions = w["input_embed"]["conv_pos_embed"];
        _conv1 = new GroupedConvolution(positions["conv1"][0], config.Width, ConvGroups, ConvTaps);
        _conv2 = new GroupedConvolution(positions["conv2"][0], config.Width, ConvGroups, ConvTaps);
        _inverseFrequencies = w["rotary_embed"].Get("inv_freq", config.HeadSize / 2).ToFloats();
        _blocks = [.. Enumerable.Range(0, config.Depth)
            .Select(i => new DiffusionTransformerBlock(w["transformer_blocks"][i], config, workers, time))];
        _normOut = new Modulation(w["norm_out"], workers, time, 2, Scale);
        _projOut = WindowedLinear.Linear(w["proj_out"], config.Width, bins);
    }

    public int Gap => ConvTaps - 1;

    public void Forward(Workers workers, FramePair frames, int step, bool streaming, EstimatorScratch s, FlowTrace? trace)
    {
        var mask = new ChunkMask(streaming ? _config.StaticChunkSize : 0);
        var guided = trace is null ? null : new FramePairTrace(trace, frames);
        trace?.Invoke("est_time_emb", _timeEmbedding.Row(step), _timeEmbedding.Columns);
        SetRotation(frames.Frames, s.Rotation);
        EmbedInput(workers, frames, s);
        guided?.Record("est_input_embed", s.State);
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i].Forward(workers, frames, step, mask, s.State, s, $"est_block{i}", guided);
        }

        s.Output.Resize(frames.Rows, _bins);
        frames.For(workers, (start, end) =>
        {
            _normOut.Norm(s.State, s.Normed, start, end, step, Scale, Shift);
            _projOut.Apply(s.Normed, s.Output, start, end);
        });
        guided?.Record("est_norm_out", s.Normed);
    }

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        _timeEmbedding.Dispose();
        _proj.Dispose();
        _conv1.Dispose();
        _conv2.Dispose();
        _normOut.Dispose();
        _projOut.Dispose();
    }

    /// <summary>s.Input [rows, 4 * bins] to s.State [rows, width].</summary>
    private void EmbedInput(Workers workers, FramePair frames, EstimatorScratch s)
    {
        s.Previous.Resize(frames.Rows, _config.Width);
        s.Convolved.Resize(frames.Rows, _config.Width);
        s.State.Resize(frames.Rows, _config.Width);
        frames.For(workers, (start, end) => _proj.Apply(s.Input, s.Previous, start, end));
        Convolve(_conv1, s.Previous, s.Convolved);
        Convolve(_conv2, s.Convolved, s.State);
        frames.For(workers, (start, end) => Arithmetic.Add(s.State.RowRange(start, end - start), s.Previous.RowRange(start, end - start)));

        void Convolve(GroupedConvolution conv, Tensor x, Tensor y)
        {
            frames.ClearGaps(x);
            frames.For(workers, (start, end) =>
            {
                conv.Apply(x, y, start, end);
                Activations.Mish(y.RowRange(start, end - start));
            });
        }
    }

    private void SetRotation(int frames, Tensor rotation)
    {
        var pairs = _inverseFrequencies.Length;
        rotation.Resize(frames, 2 * pairs);
        for (var position = 0; position < frames; position++)
        {
            var row = rotation.Row(position);
            for (var m = 0; m < pairs; m++)
            {
                (row[pairs + m], row[m]) = MathF.SinCos(position * _inverseFrequencies[m]);
            }
        }
    }
}
