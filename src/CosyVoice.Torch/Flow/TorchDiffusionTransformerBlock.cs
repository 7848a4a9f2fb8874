using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// x += gate_a W_o attention(modulated norm(x)); x += gate_m W_2 gelu(W_1 modulated norm(x)): a block of the DiT, each
/// sequence by itself. Only the first head knows positions.
/// </summary>
internal sealed class TorchDiffusionTransformerBlock
{
    private const int ShiftAttention = 0;
    private const int ScaleAttention = 1;
    private const int GateAttention = 2;
    private const int ShiftMlp = 3;
    private const int ScaleMlp = 4;
    private const int GateMlp = 5;
    private const int Parts = 6;

    private readonly DiffusionTransformerConfig _config;
    private readonly TorchModulation _attnNorm;
    private readonly Projection _toQkv; // Queries, keys, values; the first head's queries and keys by a quarter turn.
    private readonly Projection _toOut;
    private readonly Projection _ffIn;
    private readonly Projection _ffOut;

    /// <param name="time">silu(t) of every step, [steps, width].</param>
    public TorchDiffusionTransformerBlock(
        FlowStore store, WeightScope w, DiffusionTransformerConfig config, Workers workers, HostTensor time)
    {
        _config = config;
        var (attention, width) = (w["attn"], config.AttentionWidth);
        _attnNorm = new TorchModulation(store, w["attn_norm"], workers, time, Parts, ScaleAttention, ScaleMlp);
        WeightScope[] parts = [attention["to_q"], attention["to_k"], attention["to_v"]];
        float[][] weights = [.. parts.Select(part => part.Get("weight", width, config.Width).ToFloats())];
        float[][] biases = [.. parts.Select(part => part.Get("bias", width).ToFloats())];
        _toQkv = new Projection(
            store,
            [.. weights[0], .. weights[1], .. weights[2], .. QuarterTurn(weights[0], config), .. QuarterTurn(weights[1], config)],
            [.. biases[0], .. biases[1], .. biases[2], .. QuarterTurn(biases[0], config), .. QuarterTurn(biases[1], config)],
            config.Width);
        _toOut = new Projection(store, attention["to_out"][0], width, config.Width);
        _ffIn = new Projection(store, w["ff"]["ff"][0][0], config.Width, config.HiddenWidth);
        _ffOut = new Projection(store, w["ff"]["ff"][2], config.HiddenWidth, config.Width);
    }

    /// <summary>x [batch, size, width] in place.</summary>
    /// <param name="rotation">Cosines and sines, each [size, 1, head size].</param>
    /// <param name="name">Of the block, for traces.</param>
    public void Forward(Tensor x, int step, (Tensor Cosines, Tensor Sines) rotation, Tensor mask, int frames, string name, TorchTrace? trace)
    {
        using var scope = NewDisposeScope();
        var joined = _toQkv.Apply(_attnNorm.Norm(x, step, ScaleAttention, ShiftAttention));
        RotateFirstHead(joined, rotation);
        var branch = _toOut.Apply(HeadAttention.Attend(joined, _config.Heads, _config.HeadSize, mask));
        trace?.Record($"{name}_attn", branch, frames);
        x.addcmul_(branch, _attnNorm.Part(step, GateAttention), 1);

        var hidden = _ffIn.Apply(_attnNorm.Norm(x, step, ScaleMlp, ShiftMlp)).gelu_(TorchSharp.Modules.GELU.Approximate.tanh);
        x.addcmul_(_ffOut.Apply(hidden), _attnNorm.Part(step, GateMlp), 1);
        trace?.Record(name, x, frames);
    }

    /// <summary>
    /// Rotary embedding of queries and keys, neighbouring channels together. The reference applies it before it cuts the
    /// channels into heads, so that it reaches the first head only.
    /// </summary>
    private void RotateFirstHead(Tensor joined, (Tensor Cosines, Tensor Sines) rotation)
    {
        var (batch, size, width, head) = (joined.shape[0], joined.shape[1], _config.AttentionWidth, _config.HeadSize);
        var stride = joined.shape[2];
        var heads = joined.as_strided([batch, size, 2, head], [size * stride, stride, width, 1]);
        var turned = joined.as_strided([batch, size, 2, head], [size * stride, stride, head, 1], 3 * width);
        heads.mul_(rotation.Cosines).addcmul_(turned, rotation.Sines, 1);
    }

    /// <summary>The first head's rows such that what they give is turned by a right angle: (a, b) to (-b, a).</summary>
    /// <param name="rows">[attention width, n].</param>
    private static float[] QuarterTurn(float[] rows, DiffusionTransformerConfig config)
    {
        var columns = rows.Length / config.AttentionWidth;
        var turned = new float[config.HeadSize * columns];
        for (var i = 0; i < turned.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            turned[i] = row % 2 == 0 ? -rows[((row + 1) * columns) + column] : rows[((row - 1) * columns) + column];
        }

        return turned;
    }
}
