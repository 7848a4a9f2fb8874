using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>
/// Repetition-aware sampling (VALL-E 2, arXiv 2406.05370; cosyvoice/utils/common.py, ras_sampling): a nucleus
/// draw; if the drawn id is frequent among the last tokens, a second draw from everything but that id.
/// </summary>
public sealed class RepetitionAwareSampler : ITokenSampler
{
    /// <summary>Mass of the nucleus.</summary>
    public double TopP { get; init; } = 0.8;

    /// <summary>Most ids in the nucleus.</summary>
    public int TopK { get; init; } = 25;

    /// <summary>How many of the last tokens are searched for repetitions.</summary>
    public int WindowSize { get; init; } = 10;

    /// <summary>Share of the window that makes a repetition; above 1 there is none.</summary>
    public double TauR { get; init; } = 0.1;

    public int Sample(Span<float> scores, IReadOnlyList<int> decoded, Func<int, double> uniform)
    {
        var probabilities = new float[scores.Length];
        scores.CopyTo(probabilities);
        Norms.Softmax(probabilities);
        var nucleus = Nucleus(probabilities);
        var id = nucleus[Draw([.. nucleus.Select(i => probabilities[i])], uniform(0))];
        if (Repetitions(decoded, id) < WindowSize * TauR)
        {
            return id;
        }

        scores[id] = float.NegativeInfinity;
        Norms.Softmax(scores);
        return Draw(scores, uniform(1));
    }

    /// <summary>First index whose cumulated probability exceeds u times the total, summed in float64.</summary>
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

        return last; // Rounding let u * total reach the sum itself.
    }

    /// <summary>Ids by falling probability (equal ones by rising id) until their mass reaches TopP or their number TopK.</summary>
    private List<int> Nucleus(ReadOnlySpan<float> probabilities)
    {
        var largest = Largest(probabilities);
        var nucleus = new List<int>(TopK);
        var mass = 0f;
        foreach (var id in largest)
        {
            if (mass >= TopP)
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
        var largest = new List<int>(TopK + 1);
        for (var id = 0; id < probabilities.Length; id++)
        {
            var p = probabilities[id];
            if (largest.Count == TopK && p <= probabilities[largest[^1]])
            {
                continue;
            }

            var place = largest.Count;
            while (place > 0 && probabilities[largest[place - 1]] < p)
            {
                place--;
            }

            largest.Insert(place, id);
            if (largest.Count > TopK)
            {
                largest.RemoveAt(TopK);
            }
        }

        return largest;
    }

    private int Repetitions(IReadOnlyList<int> decoded, int id)
    {
        var count = 0;
        for (var i = Math.Max(0, decoded.Count - WindowSize); i < decoded.Count; i++)
        {
            count += decoded[i] == id ? 1 : 0;
        }

        return count;
    }
}
