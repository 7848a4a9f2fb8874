using CosyVoice.Kernels;
using CosyVoice.Models;

namespace CosyVoice.Engine;

/// <summary>
/// Repetition-aware sampling (VALL-E 2, arXiv 2406.05370; cosyvoice/utils/common.py, ras_sampling): a nucleus
/// draw; if the drawn id is frequent among the last tokens, a second draw from everything but that id.
/// </summary>
/// <param name="rules">The model's.</param>
public sealed class RepetitionAwareSampler(SamplingRules rules) : ITokenSampler
{
    /// <inheritdoc/>
    public DrawnToken Sample(Span<float> scores, TokenDraw draw)
    {
        var probabilities = new float[scores.Length];
        scores.CopyTo(probabilities);
        Norms.Softmax(probabilities);
        var nucleus = Nucleus(probabilities);
        var place = Draw([.. nucleus.Select(i => probabilities[i])], draw.Uniform(0));
        if (place < 0)
        {
            return new(-1, 1);
        }

        var id = nucleus[place];
        if (Repetitions(draw.Decoded, id) < rules.WindowSize * rules.TauR)
        {
            return new(id, 1);
        }

        scores[id] = float.NegativeInfinity;
        Norms.Softmax(scores);
        return new(Draw(scores, draw.Uniform(1)), 2);
    }

    /// <summary>First index whose cumulated probability exceeds u times the total, summed in float64; -1 where that is no number.</summary>
    private static int Draw(ReadOnlySpan<float> probabilities, double u)
    {
        var total = 0.0;
        foreach (var p in probabilities)
        {
            total += p;
        }

        var (cumulated, last) = (0.0, 0);
        for (var i = 0; i < probabilities.Length; i++)
        {
            cumulated += probabilities[i];
            if (cumulated > u * total)
            {
                return i;
            }

            last = probabilities[i] > 0 ? i : last;
        }

        return total > 0 ? last : -1; // Rounding let u * total reach the sum itself.
    }

    /// <summary>Ids by falling probability (equal ones by rising id) until their mass reaches TopP or their number TopK.</summary>
    private List<int> Nucleus(ReadOnlySpan<float> probabilities)
    {
        var largest = Largest(probabilities);
        var nucleus = new List<int>(rules.TopK);
        var mass = 0f;
        foreach (var id in largest)
        {
            if (mass >= rules.TopP)
            {
                break;
            }

            mass += probabilities[id];
            nucleus.Add(id);
        }

        return nucleus;
    }

    private List<int> Largest(ReadOnlySpan<float> probabilities)
    {
        var largest = new List<int>(rules.TopK + 1);
        for (var id = 0; id < probabilities.Length; id++)
        {
            var p = probabilities[id];
            if (largest.Count == rules.TopK && p <= probabilities[largest[^1]])
            {
                continue;
            }

            var place = largest.Count;
            while (place > 0 && probabilities[largest[place - 1]] < p)
            {
                place--;
            }

            largest.Insert(place, id);
            if (largest.Count > rules.TopK)
            {
                largest.RemoveAt(rules.TopK);
            }
        }

        return largest;
    }

    private int Repetitions(IReadOnlyList<int> decoded, int id)
    {
        var count = 0;
        for (var i = Math.Max(0, decoded.Count - rules.WindowSize); i < decoded.Count; i++)
        {
            count += decoded[i] == id ? 1 : 0;
        }

        return count;
    }
}
