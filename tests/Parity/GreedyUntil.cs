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

    public DrawnToken Sample(Span<float> scores, TokenDraw draw)
    {
        if (draw.Decoded.Count >= limit && !float.IsNegativeInfinity(scores[end]))
        {
            return new(end, 0);
        }

        var best = 0;
        for (var id = 1; id < speechTokenCount; id++)
        {
            best = scores[id] > scores[best] ? id : best;
        }

        return new(best, 0);
    }

    [GeneratedRegex(@"limit=(\d+)")]
    private static partial Regex Limit();
}
