using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

// Qwen2 decoder (Qwen2 Technical Report, arXiv 2407.10671; transformers, modeling_qwen2.py).
//
//   x [rows, hidden]
//   each layer:  h = RMSNorm(x); q, k, v = Linear(h); rotary(q), rotary(k); k, v -> cache
//                x += o_proj(attention(q, all keys and values of the row's own sequence))
//                h = RMSNorm(x); x += down_proj(silu(gate_proj(h)) * up_proj(h))
//   RMSNorm(x)
//
// Rows of several sequences stand below each other: a row knows its sequence's cache and its position there.

/// <summary>Where a row of a forward pass belongs.</summary>
internal readonly record struct Qwen2Row(KeyValueCache Cache, int Position);

internal sealed class Qwen2 : IDisposable
{
    private readonly Qwen2Config _config;
    private readonly Qwen2Layer[] _layers;
    private readonly float[] _norm; // [hidden]
    private readonly float[] _inverseFrequencies; // [head / 2]

    public Qwen2(WeightScope w, Qwen2Config config)
    {
        _config = config;
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new Qwen2Layer(w["layers"][i], config, i))];
        _norm = w["norm"].Get("weight", config.HiddenSize).ToFloats();
        _inverseFrequencies = [.. Enumerable.Range(0, config.HeadSize / 2)
            .Select(m => 1 / MathF.Pow(config.RopeTheta, 2f * m / config.HeadSize))];
    }

    /// <summary>Embeddings x [rows, hidden] to final hidden states, in place. The caches already have room for the rows.</summary>
    public void Forward(Workers workers, Tensor x, IReadOnlyList<Qwen2Row> rows, Qwen2Scratch scratch)
    {
        SetRotation(rows, scratch);
        foreach (var layer in _layers)
        {
            layer.Forward(workers, x, rows, scratch);
        }

        for (var row = 0; row < x.Rows; row++)
        {
            Norms.RmsNorm(x.Row(row), _norm, _config.RmsNormEpsilon, x.Row(row));
        }
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }
    }

    private void SetRotation(IReadOnlyList<Qwen2Row> rows, Qwen2Scratch scratch)
    {
        var half = _inverseFrequencies.Length;
        scratch.Cosines.Resize(rows.Count, half);
        scratch.Sines.Resize(rows.Count, half);
        for (var row = 0; row < rows.Count; row++)
        {
            var cosines = scratch.Cosines.Row(row);
            var sines = scratch.Sines.Row(row);
            for (var m = 0; m < half; m++)
            {
                (sines[m], cosines[m]) = MathF.SinCos(rows[row].Position * _inverseFrequencies[m]);
            }
        }
    }
}

/// <summary>Activations of one forward pass, reused by the next.</summary>
internal sealed class Qwen2Scratch : IDisposable
{
    public Tensor Cosines { get; } = new(); // [rows, head / 2]

    public Tensor Sines { get; } = new(); // [rows, head / 2]

    public Tensor Normed { get; } = new(); // [rows, hidden]

    public Tensor Query { get; } = new(); // [rows, heads * head]

    public Tensor Key { get; } = new(); // [rows, key/value heads * head]

    public Tensor Value { get; } = new(); // [rows, key/value heads * head]

    public Tensor Attention { get; } = new(); // [rows, heads * head]

    public Tensor Scores { get; } = new(); // [rows * heads, longest cache]

    public Tensor Gate { get; } = new(); // [rows, intermediate]

    public Tensor Up { get; } = new(); // [rows, intermediate]

    public Tensor Branch { get; } = new(); // [rows, hidden]

    public void Dispose()
    {
        foreach (var tensor in new[] { Cosines, Sines, Normed, Query, Key, Value, Attention, Scores, Gate, Up, Branch })
        {
            tensor.Dispose();
        }
    }
}

internal sealed unsafe class Qwen2Layer : IDisposable
{
    private readonly Qwen2Config _config;
    private readonly int _index;

    public Qwen2Layer(WeightScope w, Qwen2Config config, int index)
    {
        (_config, _index) = (config, index);
        var (hidden, keyValueWidth) = (config.HiddenSize, config.KeyValueHeads * config.HeadSize);
        InputLayerNorm = w["input_layernorm"].Get("weight", hidden).ToFloats();
        QProj = new ResidentLinear(w["self_attn"]["q_proj"], hidden, hidden);
        KProj = new ResidentLinear(w["self_attn"]["k_proj"], hidden, keyValueWidth);
        VProj = new ResidentLinear(w["self_attn"]["v_proj"], hidden, keyValueWidth);
        OProj = new ResidentLinear(w["self_attn"]["o_proj"], hidden, hidden, bias: false);
        PostAttentionLayerNorm = w["post_attention_layernorm"].Get("weight", hidden).ToFloats();
        GateProj = new ResidentLinear(w["mlp"]["gate_proj"], hidden, config.IntermediateSize, bias: false);
        UpProj = new ResidentLinear(w["mlp"]["up_proj"], hidden, config.IntermediateSize, bias: false);
        DownProj = new ResidentLinear(w["mlp"]["down_proj"], config.IntermediateSize, hidden, bias: false);
    }

    public float[] InputLayerNorm { get; }

    public ResidentLinear QProj { get; }

    public ResidentLinear KProj { get; }

    public ResidentLinear VProj { get; }

    public ResidentLinear OProj { get; }

    public float[] PostAttentionLayerNorm { get; }

    public ResidentLinear GateProj { get; }

    public ResidentLinear UpProj { get; }

    public ResidentLinear DownProj { get; }

    /// <summary>x [rows, hidden], in place.</summary>
    public void Forward(Workers workers, Tensor x, IReadOnlyList<Qwen2Row> rows, Qwen2Scratch scratch)
    {
        Normalize(x, InputLayerNorm, scratch.Normed);
        QProj.Forward(workers, scratch.Normed, scratch.Query);
        KProj.Forward(workers, scratch.Normed, scratch.Key);
        VProj.Forward(workers, scratch.Normed, scratch.Value);
        Remember(rows, scratch);
        Attend(workers, rows, scratch);
        OProj.Forward(workers, scratch.Attention, scratch.Branch);
        Arithmetic.Add(x.Span, scratch.Branch.Span);

        Normalize(x, PostAttentionLayerNorm, scratch.Normed);
        GateProj.Forward(workers, scratch.Normed, scratch.Gate);
        UpProj.Forward(workers, scratch.Normed, scratch.Up);
        Activations.SiluMultiply(scratch.Gate.Span, scratch.Up.Span);
        DownProj.Forward(workers, scratch.Gate, scratch.Branch);
        Arithmetic.Add(x.Span, scratch.Branch.Span);
    }

    public void Dispose()
    {
        foreach (var layer in new[] { QProj, KProj, VProj, OProj, GateProj, UpProj, DownProj })
        {
            layer.Dispose();
        }
    }

    private void Normalize(Tensor x, float[] weight, Tensor y)
    {
        y.Resize(x.Rows, x.Columns);
        for (var row = 0; row < x.Rows; row++)
        {
            Norms.RmsNorm(x.Row(row), weight, _config.RmsNormEpsilon, y.Row(row));
        }
    }

    /// <summary>Rotates queries and keys by their positions and stores keys and values in the caches.</summary>
    private void Remember(IReadOnlyList<Qwen2Row> rows, Qwen2Scratch scratch)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            Rotate(scratch.Query.Row(row), scratch.Cosines.Row(row), scratch.Sines.Row(row));
            Rotate(scratch.Key.Row(row), scratch.Cosines.Row(row), scratch.Sines.Row(row));
            scratch.Key.Row(row).CopyTo(rows[row].Cache.Keys(_index).Row(rows[row].Position));
            scratch.Value.Row(row).CopyTo(rows[row].Cache.Values(_index).Row(rows[row].Position));
        }
    }

    /// <summary>Rotary embedding, half-split: pairs (m, m + size / 2) of each head.</summary>
    private void Rotate(Span<float> x, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        var half = cosines.Length;
        for (var start = 0; start < x.Length; start += _config.HeadSize)
        {
            var low = x.Slice(start, half);
            var high = x.Slice(start + half, half);
            for (var m = 0; m < half; m++)
            {
                (low[m], high[m]) = ((low[m] * cosines[m]) - (high[m] * sines[m]), (high[m] * cosines[m]) + (low[m] * sines[m]));
            }
        }
    }

    private void Attend(Workers workers, IReadOnlyList<Qwen2Row> rows, Qwen2Scratch scratch)
    {
        var (heads, size) = (_config.AttentionHeads, _config.HeadSize);
        var group = heads / _config.KeyValueHeads;
        var longest = 0;
        foreach (var row in rows)
        {
            longest = Math.Max(longest, row.Position + 1);
        }

        scratch.Attention.Resize(rows.Count, heads * size);
        scratch.Scores.Resize(rows.Count * heads, longest);
        workers.For(rows.Count * _config.KeyValueHeads, item =>
        {
            var (row, shared) = (item / _config.KeyValueHeads, item % _config.KeyValueHeads);
            var (keys, values) = (rows[row].Cache.Keys(_index), rows[row].Cache.Values(_index));
            var first = shared * group * size; // of the query heads that share this key head
            CachedAttention.Group(
                scratch.Query.Pointer + ((long)row * scratch.Query.Columns) + first, group,
                keys.Pointer + (shared * size), values.Pointer + (shared * size), keys.Columns, rows[row].Position + 1, size,
                scratch.Scores.RowRange(item * group, group),
                scratch.Attention.Pointer + ((long)row * scratch.Attention.Columns) + first);
        });
    }
}
