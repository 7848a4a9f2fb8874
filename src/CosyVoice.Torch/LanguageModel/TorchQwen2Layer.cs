using CosyVoice.Models;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

// A layer of Qwen2 in 15 kernels (3 more for each further span):
//
//   h = RMSNorm(x)                                   2 (see TorchRmsNorm)
//   q, k, v, rotated q, rotated k = Linear(h)        1; the rotated ones come of weights whose rows were exchanged at load
//   (q, k) = (q, k) * cos + rotated (q, k) * sin     2, in place
//   k, v -> cache                                    1
//   x += o_proj(attention)                           3: gather, attention, product with addition; a further span: gather, attention, choice
//   h = RMSNorm(x)                                   2
//   x += down_proj(silu(gate) * up)                  4: gate and up, silu, multiply, product with addition
//
// A key head serves its group of query heads as if they were queries of one head: keys and values are not repeated.

/// <summary>One layer of Qwen2 on a device.</summary>
internal sealed class TorchQwen2Layer
{
    private static readonly Scalar One = 1;

    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _head;
    private readonly TorchRmsNorm _inputLayerNorm;
    private readonly RowLinear _projections; // to q, k, v, rotated q, rotated k: (2 * heads + 3 * key/value heads) * head
    private readonly RowLinear _oProj; // of group, key/value heads, head
    private readonly TorchRmsNorm _postAttentionLayerNorm;
    private readonly RowLinear _gateUp;
    private readonly RowLinear _downProj;

    /// <param name="rows">Of every pass.</param>
    public TorchQwen2Layer(WeightScope w, Qwen2Config config, int rows, TorchWeights weights, DeviceStore store)
    {
        (_heads, _keyValueHeads, _head) = (config.AttentionHeads, config.KeyValueHeads, config.HeadSize);
        var (hidden, intermediate) = (config.HiddenSize, config.IntermediateSize);
        _inputLayerNorm = new(w["input_layernorm"], config, weights, store);
        _postAttentionLayerNorm = new(w["post_attention_layernorm"], config, weights, store);
        using var scope = NewDisposeScope();
        var attention = w["self_attn"];

        Tensor Get(WeightScope of, string name, params int[] shape)
        {
            var stored = weights.Get(of, name, shape);
            scope.Attach(stored);
            return stored;
        }

        Tensor Projections(string name, params int[] columns)
        {
            var q = Get(attention["q_proj"], name, [hidden, .. columns]);
            var k = Get(attention["k_proj"], name, [_keyValueHeads * _head, .. columns]);
            var v = Get(attention["v_proj"], name, [_keyValueHeads * _head, .. columns]);
            return cat([q, k, v, Rotated(q), Rotated(k)], 0);
        }

        _projections = new(Projections("weight", hidden), Projections("bias"), rows, adds: false, store);
        // Attention's result has the heads of a group apart; the columns of o_proj follow.
        var oProj = Get(attention["o_proj"], "weight", hidden, hidden)
            .view(hidden, _keyValueHeads, _heads / _keyValueHeads, _head).transpose(1, 2).reshape(hidden, hidden);
        _oProj = new(oProj, null, rows, adds: true, store);
        var gateUp = cat([
            Get(w["mlp"]["gate_proj"], "weight", intermediate, hidden), Get(w["mlp"]["up_proj"], "weight", intermediate, hidden)], 0);
        _gateUp = new(gateUp, null, rows, adds: false, store);
        _downProj = new(Get(w["mlp"]["down_proj"], "weight", hidden, intermediate), null, rows, adds: true, store);
    }

    /// <summary>x [rows, hidden], in place.</summary>
    /// <param name="blocks">Of this layer's cache.</param>
    /// <param name="slots">The same memory by position.</param>
    public void Forward(Tensor x, TorchPassInputs pass, Tensor blocks, Tensor slots)
    {
        using var scope = NewDisposeScope();
        var rows = x.shape[0];
        var (rotated, width) = (_heads + _keyValueHeads, _keyValueHeads * _head);
        var all = _projections.Forward(_inputLayerNorm.Forward(x));
        var turning = all.narrow(1, 0, rotated * _head).view(rows, rotated, _head);
        turning.mul_(pass.Cosines);
        turning.addcmul_(all.narrow(1, (rotated * _head) + width, rotated * _head).view(rows, rotated, _head), pass.Sines, One);
        slots.index_copy_(0, pass.Slots, all.narrow(1, _heads * _head, 2 * width));

        var query = turning.narrow(1, 0, _heads).view(rows, _keyValueHeads, _heads / _keyValueHeads, _head);
        var heard = Attend(query, pass, blocks);
        _oProj.AddTo(x, heard.transpose(1, 2).reshape(rows, _heads * _head));

        var both = _gateUp.Forward(_postAttentionLayerNorm.Forward(x));
        var intermediate = both.shape[1] / 2;
        var gate = nn.functional.silu(both.narrow(1, 0, intermediate));
        _downProj.AddTo(x, gate.mul_(both.narrow(1, intermediate, intermediate)));
    }

    /// <summary>Queries [rows, key/value heads, group, head] to the same shape.</summary>
    private Tensor Attend(Tensor query, TorchPassInputs pass, Tensor blocks)
    {
        Tensor? heard = null;
        foreach (var span in pass.Spans)
        {
            var known = blocks.index_select(0, span.Blocks).view(query.shape[0], span.Positions, 2, _keyValueHeads, _head);
            var one = nn.functional.scaled_dot_product_attention(
                query, known.select(2, 0).transpose(1, 2), known.select(2, 1).transpose(1, 2), span.Mask);
            heard = heard is null ? one : where(span.Members!, one, heard);
        }

        return heard!;
    }

    /// <summary>Rows of a projection so exchanged that it gives (-high half, low half) of each head: [heads * head, ...].</summary>
    private Tensor Rotated(Tensor projection)
    {
        var halves = projection.view([-1, 2, _head / 2, .. projection.shape[1..]]);
        return cat([halves.narrow(1, 1, 1).neg(), halves.narrow(1, 0, 1)], 1).view(projection.shape);
    }
}
