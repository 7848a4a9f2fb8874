using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// x += gate_a W_o attention(modulated norm(x)); x += gate_m W_2 gelu(W_1 modulated norm(x)): a block of the DiT, each
/// sequence of the pair by itself. Only the first head knows positions.
/// </summary>
internal sealed class DiffusionTransformerBlock : IDisposable
{
    private const int ShiftAttention = 0;
    private const int ScaleAttention = 1;
    private const int GateAttention = 2;
    private const int ShiftMlp = 3;
    private const int ScaleMlp = 4;
    private const int GateMlp = 5;
    private const int Parts = 6;

    private readonly DiffusionTransformerConfig _config;
    private readonly Modulation _attnNorm;
    private readonly WindowedLinear _toQkv;
    private readonly WindowedLinear _toOut;
    private readonly WindowedLinear _ffIn;
    private readonly WindowedLinear _ffOut;

    /// <param name="time">silu(t) of every step, [steps, width].</param>
    public DiffusionTransformerBlock(WeightScope w, DiffusionTransformerConfig config, Workers workers, Tensor time)
    {
        _config = config;
        var attention = w["attn"];
        _attnNorm = new Modulation(w["attn_norm"], workers, time, Parts, ScaleAttention, ScaleMlp);
        _toQkv = WindowedLinear.Joined(
            [(attention["to_q"], 1 / MathF.Sqrt(config.HeadSize)), (attention["to_k"], 1), (attention["to_v"], 1)],
            config.Width, config.AttentionWidth);
        _toOut = WindowedLinear.Linear(attention["to_out"][0], config.AttentionWidth, config.Width);
        _ffIn = WindowedLinear.Linear(w["ff"]["ff"][0][0], config.Width, config.HiddenWidth);
        _ffOut = WindowedLinear.Linear(w["ff"]["ff"][2], config.HiddenWidth, config.Width);
    }

    /// <summary>x [rows, width] in place.</summary>
    /// <param name="name">Of the block, for traces.</param>
    public void Forward(
        Workers workers, FramePair frames, int step, ChunkMask mask, Tensor x, EstimatorScratch s, string name, FramePairTrace? trace)
    {
        s.Normed.Resize(frames.Rows, _config.Width);
        s.Projected.Resize(frames.Rows, 3 * _config.AttentionWidth);
        s.Attended.Resize(frames.Rows, _config.AttentionWidth);
        s.Hidden.Resize(frames.Rows, _config.HiddenWidth);
        s.Branch.Resize(frames.Rows, _config.Width);
        frames.For(workers, (start, end) =>
        {
            _attnNorm.Norm(x, s.Normed, start, end, step, ScaleAttention, ShiftAttention);
            _toQkv.Apply(s.Normed, s.Projected, start, end);
            RotateFirstHead(frames, s, start, end);
        });
        FramePairAttention.Attend(workers, frames, mask, _config.Heads, _config.HeadSize, s);
        if (trace is not null)
        {
            frames.For(workers, (start, end) => _toOut.Apply(s.Attended, s.Branch, start, end));
            trace.Record($"{name}_attn", s.Branch);
        }

        frames.For(workers, (start, end) =>
        {
            _toOut.Apply(s.Attended, s.Branch, start, end);
            AddGated(x, s.Branch, _attnNorm.Part(step, GateAttention), start, end);
            _attnNorm.Norm(x, s.Normed, start, end, step, ScaleMlp, ShiftMlp);
            _ffIn.Apply(s.Normed, s.Hidden, start, end);
            Activations.GeluTanh(s.Hidden.RowRange(start, end - start));
            _ffOut.Apply(s.Hidden, s.Branch, start, end);
            AddGated(x, s.Branch, _attnNorm.Part(step, GateMlp), start, end);
        });
        trace?.Record(name, x);
    }

    public void Dispose()
    {
        _attnNorm.Dispose();
        _toQkv.Dispose();
        _toOut.Dispose();
        _ffIn.Dispose();
        _ffOut.Dispose();
    }

    /// <summary>x += gate * branch; the branch is overwritten.</summary>
    private static void AddGated(Tensor x, Tensor branch, ReadOnlySpan<float> gate, int start, int end)
    {
        for (var row = start; row < end; row++)
        {
            Arithmetic.Multiply(branch.Row(row), gate);
            Arithmetic.Add(x.Row(row), branch.Row(row));
        }
    }

    /// <summary>
    /// Rotary embedding of queries and keys, neighbouring channels together. The reference applies it before it cuts the
    /// channels into heads, so that it reaches the first head only.
    /// </summary>
    private void RotateFirstHead(FramePair frames, EstimatorScratch s, int start, int end)
    {
        var pairs = _config.HeadSize / 2;
        for (var row = start; row < end; row++)
        {
            var rotation = s.Rotation.Row(frames.Position(row));
            Rotate(s.Projected.Row(row)[..(2 * pairs)], rotation[..pairs], rotation[pairs..]);
            Rotate(s.Projected.Row(row).Slice(_config.AttentionWidth, 2 * pairs), rotation[..pairs], rotation[pairs..]);
        }
    }

    private static void Rotate(Span<float> x, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        for (var m = 0; m < cosines.Length; m++)
        {
            var (even, odd) = (x[2 * m], x[(2 * m) + 1]);
            x[2 * m] = (even * cosines[m]) - (odd * sines[m]);
            x[(2 * m) + 1] = (odd * cosines[m]) + (even * sines[m]);
        }
    }
}
