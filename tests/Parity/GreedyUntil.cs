using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>The fixtures' deterministic sampler: the best speech token; the end once <paramref name="limit"/> tokens exist.</summary>
internal sealed partial class GreedyUntil(int speechTokenCount, int end, int limit) : ITokenSampler
{
    /// <summary>From a case's <c>sampler</c> parameter, "greedy_until(limit=90): ...".</summary>
    public static GreedyUntil Parse(JsonElement parameters, ILanguageModel model)
    {
        var limit = Limit().Match(parameters.GetProperty("sampler").GetString()!).Groups[1].Value;
        return new GreedyUntil(model.SpeechTokenCount, model.EndId, int.Parse(limit, CultureInfo.InvariantCulture));
    }

    public int Sample(Span<float> scores, IReadOnlyList<int> decoded, Func<int, double> uniform)
    {
        if (decoded.Count >= limit && !float.IsNegativeInfinity(scores[end]))
        {
            return end;
        }

        var best = 0;
        for (var id = 1; id < speechTokenCount; id++)
        {
            best = scores[id] > scores[best] ? id : best;
        }

        return best;
    }

    [GeneratedRegex(@"limit=(\d+)")]
    private static partial Regex Limit();
}
