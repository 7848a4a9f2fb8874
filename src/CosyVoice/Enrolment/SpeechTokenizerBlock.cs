using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Models;

namespace CosyVoice.Enrolment;

/// <summary>
/// A transformer block whose attention has a memory beside it (FSMN, Zhang et al. 2015):
///   h = attn_ln(x); q, k, v = h W; rotary(q), rotary(k)
///   x += out(attention(q, k, v)) + v + depthwise convolution(v)
///   x += mlp.2(gelu(mlp.0(mlp_ln(x))))
/// </summary>
internal sealed unsafe class SpeechTokenizerBlock : IDisposable
{
    public const int HeadSize = 64;

    private readonly int _width;
    private readonly NormWeights _attnLn;
    private readonly Linear _qkv;
    private readonly float[] _fsmnBlock; // [taps, width]
    private readonly Linear _out;
    private readonly NormWeights _mlpLn;
    private readonly Linear _mlp0;
    private readonly Linear _mlp2;

    public SpeechTokenizerBlock(SpeechTokenizerWeights weights, int index, int width)
    {
        var path = $"blocks.{index}";
        _width = width;
        _attnLn = weights.Norm($"{path}/attn_ln", width);
        _fsmnBlock = weights.Memory($"{path}/attn/fsmn_block", width);
        _mlpLn = weights.Norm($"{path}/mlp_ln", width);
        _qkv = Joined([.. new[] { "query", "key", "value" }.Select(name => weights.Product($"{path}/attn/{name}", width, width))], width);
        _out = Layer(weights.Product($"{path}/attn/out", width, width));
        _mlp0 = Layer(weights.Product($"{path}/mlp/mlp.0", width, null));
        _mlp2 = Layer(weights.Product($"{path}/mlp/mlp.2", _mlp0.Outputs, width));
    }

    /// <summary>x [T, width] in place.</summary>
    /// <param name="cosines">Of the rotation at every position, [T, 32].</param>
    /// <param name="sines">[T, 32]</param>
    public void Forward(Workers workers, Tensor x, Tensor cosines, Tensor sines, SpeechTokenizerScratch s)
    {
        Normalize(workers, _attnLn, x, s.Normed);
        _qkv.Forward(workers, s.Normed, s.Joined);
        Attend(workers, cosines, sines, s);
        _out.Add(workers, s.Attended, x);
        Remember(workers, s.Joined, x);
        Normalize(workers, _mlpLn, x, s.Normed);
        _mlp0.Forward(workers, s.Normed, s.Hidden);
        workers.ForRows(x.Rows, SpeechTokenizerScratch.BlockRows, (start, end) => Activations.GeluErf(s.Hidden.RowRange(start, end - start)));
        _mlp2.Add(workers, s.Hidden, x);
    }

    public void Dispose()
    {
        _qkv.Dispose();
        _out.Dispose();
        _mlp0.Dispose();
        _mlp2.Dispose();
    }

    private void Attend(Workers workers, Tensor cosines, Tensor sines, SpeechTokenizerScratch s)
    {
        var joined = s.Joined;
        var heads = _width / HeadSize;
        s.Attended.Resize(joined.Rows, _width);
        workers.ForRows(joined.Rows, SpeechTokenizerScratch.BlockRows, (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                Rotate(joined.Row(row)[..(2 * _width)], cosines.Row(row), sines.Row(row));
                Arithmetic.Scale(joined.Row(row)[.._width], 1 / MathF.Sqrt(HeadSize)); // exact: an eighth
            }
        });
        workers.For(heads, head =>
        {
            var attention = s.Heads.Rent();
            attention.Load(joined, 0, joined.Rows, head, heads, HeadSize);
            for (var start = 0; start < joined.Rows; start += AttentionHead.StripRows)
            {
                var rows = Math.Min(AttentionHead.StripRows, joined.Rows - start);
                attention.Score(joined.Pointer + ((long)start * joined.Columns) + (head * HeadSize), joined.Columns, rows, joined.Rows);
                attention.Attend(s.Attended, start, head * HeadSize);
            }

            s.Heads.Return(attention);
        });
    }

    /// <summary>x += v + depthwise convolution(v).</summary>
    private void Remember(Workers workers, Tensor joined, Tensor x) => workers.ForRows(x.Rows, SpeechTokenizerScratch.BlockRows, (start, end) =>
    {
        var before = ((_fsmnBlock.Length / _width) - 1) / 2;
        var values = joined.Pointer + (2 * _width);
        for (var row = start; row < end; row++)
        {
            Arithmetic.Add(x.Row(row), joined.Row(row)[(2 * _width)..]);
        }

        DepthwiseConvolution.Add(VectorWidths.Active, values, joined.Columns, x.Rows, _fsmnBlock, _width, before, x.Pointer, start, end);
    });

    /// <summary>Turns the pairs (m, m + 32) of every head of one row.</summary>
    private static void Rotate(Span<float> row, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        for (var start = 0; start < row.Length; start += HeadSize)
        {
            var low = row.Slice(start, HeadSize / 2);
            var high = row.Slice(start + (HeadSize / 2), HeadSize / 2);
            for (var m = 0; m < low.Length; m++)
            {
                (low[m], high[m]) = ((low[m] * cosines[m]) - (high[m] * sines[m]), (high[m] * cosines[m]) + (low[m] * sines[m]));
            }
        }
    }

    private static void Normalize(Workers workers, NormWeights norm, Tensor x, Tensor y)
    {
        y.Resize(x.Rows, x.Columns);
        workers.ForRows(x.Rows, SpeechTokenizerScratch.BlockRows, (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                Norms.LayerNorm(x.Row(row), norm.Weight, norm.Bias, norm.Epsilon, y.Row(row));
            }
        });
    }

    private static Linear Layer(ProductWeights weights) => Linear.OfColumns(weights.Weight, weights.Bias, weights.Inputs, weights.Outputs);

    /// <summary>Layers of one input side by side; one without bias gets zeros.</summary>
    private static Linear Joined(ProductWeights[] parts, int width)
    {
        var weight = new float[width * parts.Length * width]; // [inputs, parts, outputs]
        for (var row = 0; row < width; row++)
        {
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].Weight.AsSpan(row * width, width).CopyTo(weight.AsSpan(((row * parts.Length) + part) * width));
            }
        }

        float[] bias = [.. parts.SelectMany(part => part.Bias.Length > 0 ? part.Bias : new float[width])];
        return Linear.OfColumns(weight, bias, width, parts.Length * width);
    }
}
