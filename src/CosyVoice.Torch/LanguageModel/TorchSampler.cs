using System.Numerics;
using CosyVoice.Engine;
using CosyVoice.Models;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

// Repetition-aware sampling on a device; the same as RepetitionAwareSampler, for all rows at once and with the same
// operations whatever is drawn. Probabilities are whole numbers, exp(score - largest) in units of 2^-40: their sums are
// the same in any order, so that a row's token does not depend on how a device divides a sum, and no two ids of a row
// are equal once each carries its number.
//
//   scores [rows, ids] -> weights -> TopK largest -> those in front of TopP -> one by the first uniform number
//   the same without that one -> one by the second uniform number, taken where the first is among the last tokens
//
//   numbers of a row: uniform numbers (2), first and last special id + 1 that may be drawn (2), last tokens (WindowSize)

/// <summary>Draws tokens where the scores are.</summary>
internal sealed class TorchSampler(SamplingRules rules, Device device) : ITokenSampler
{
    private const int Uniforms = 2;
    private const int Others = 4;
    private const double UnitsOfUniform = 1L << 53;
    private const double One = 1L << 40;

    /// <summary>Numbers that say how a row is drawn.</summary>
    public int NumbersOfRow => Others + rules.WindowSize;

    /// <inheritdoc/>
    public DrawnToken Sample(Span<float> scores, TokenDraw draw)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var numbers = new List<long>();
        Write([draw with { Special = Range.All }], numbers, specialCount: 0); // What is forbidden is no longer among the scores.
        var onDevice = tensor(scores.ToArray(), [1, scores.Length]).to(device);
        return Read(Draw(onDevice, scores.Length, tensor(numbers.ToArray()).to(device)))[0];
    }

    /// <summary>Adds the numbers of rows to those of a call.</summary>
    /// <param name="draws">Null: a row of which nothing is wanted.</param>
    /// <param name="specialCount">Ids above the codebook.</param>
    public void Write(IEnumerable<TokenDraw?> draws, List<long> numbers, int specialCount)
    {
        foreach (var draw in draws)
        {
            var (start, length) = (draw?.Special ?? Range.All).GetOffsetAndLength(specialCount);
            for (var i = 0; i < Uniforms; i++)
            {
                numbers.Add((long)((draw?.Uniform(i) ?? 0) * UnitsOfUniform));
            }

            numbers.AddRange([start, start + length]);
            var decoded = draw?.Decoded ?? [];
            for (var i = decoded.Count - rules.WindowSize; i < decoded.Count; i++)
            {
                numbers.Add(i < 0 ? -1 : decoded[i]);
            }
        }
    }

    /// <summary>What was drawn, as <see cref="Read"/> takes it, [2, rows] on the device.</summary>
    /// <param name="scores">[rows, ids]; those of forbidden ids are overwritten.</param>
    /// <param name="speechCount">Ids below this may always be drawn.</param>
    /// <param name="numbers">What <see cref="Write"/> wrote of all rows.</param>
    public Tensor Draw(Tensor scores, int speechCount, Tensor numbers)
    {
        var (rows, ids) = (scores.shape[0], (int)scores.shape[1]);
        var columns = numbers.view(rows, NumbersOfRow);
        if (ids > speechCount)
        {
            Forbid(scores.narrow(1, speechCount, ids - speechCount), columns);
        }

        var uniforms = columns.narrow(1, 0, Uniforms).to_type(ScalarType.Float64).mul(1 / UnitsOfUniform);
        var (first, firstIsNumber) = FromNucleus(Weights(scores), uniforms.narrow(1, 0, 1));
        var occurrences = columns.narrow(1, Others, rules.WindowSize).eq(first).sum(1, keepdim: true);
        var again = occurrences.ge(rules.WindowSize * rules.TauR);
        var others = scores.scatter(1, first, scores.new_full([rows, 1], float.NegativeInfinity));
        var (second, secondIsNumber) = FromAll(Weights(others), uniforms.narrow(1, 1, 1));
        var id = where(firstIsNumber & secondIsNumber, where(again, second, first), NoNumber(scores));
        return cat([id, again.to_type(ScalarType.Int64)], 1);
    }

    /// <summary>What <see cref="Draw"/> gave.</summary>
    public static DrawnToken[] Read(Tensor drawn)
    {
        using var host = drawn.cpu();
        return [.. host.data<long>().ToArray().Chunk(2).Select(row => new DrawnToken((int)row[0], 1 + (int)row[1]))];
    }

    private static void Forbid(Tensor special, Tensor columns)
    {
        var ids = arange(special.shape[1], ScalarType.Int64, special.device);
        var forbidden = ids.lt(columns.narrow(1, 2, 1)) | ids.ge(columns.narrow(1, 3, 1));
        special.masked_fill_(forbidden, float.NegativeInfinity);
    }

    private static Tensor NoNumber(Tensor scores) => full([1], -1, ScalarType.Int64, scores.device);

    private static Tensor Weights(Tensor scores) =>
        scores.sub(scores.amax([1], keepdim: true)).exp_().mul_(One).to_type(ScalarType.Int64);

    private (Tensor Id, Tensor IsNumber) FromNucleus(Tensor weights, Tensor uniform)
    {
        var ids = (int)weights.shape[1];
        var bits = BitOperations.Log2((uint)ids) + 1;
        var numbered = weights.mul(1L << bits).add_(arange(ids - 1, -1, -1, ScalarType.Int64, weights.device)); // Of equals the first is the largest.
        var (largest, _) = numbered.topk(Math.Min(rules.TopK, ids), 1);
        var kept = largest.bitwise_right_shift(bits);
        var before = kept.cumsum(1).sub_(kept);
        var limit = weights.sum(1, keepdim: true).to_type(ScalarType.Float64).mul_(rules.TopP);
        var (place, isNumber) = FromAll(kept.masked_fill(before.ge(limit), 0), uniform);
        var id = largest.gather(1, place).bitwise_and((1L << bits) - 1).neg_().add_(ids - 1);
        return (id, isNumber);
    }

    /// <summary>The first column whose cumulated weight exceeds a share of the sum; there is one, because the sum is below 2^53 and the share below 1.</summary>
    private static (Tensor Column, Tensor IsNumber) FromAll(Tensor weights, Tensor uniform)
    {
        var cumulated = weights.cumsum(1);
        var sum = cumulated.narrow(1, weights.shape[1] - 1, 1);
        var share = sum.to_type(ScalarType.Float64).mul_(uniform);
        return (cumulated.le(share).sum(1, keepdim: true).clamp_max_(weights.shape[1] - 1), sum.gt(0));
    }
}
