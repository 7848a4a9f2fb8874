using System.Diagnostics;
using CosyVoice.Engine;

namespace CosyVoice.Bench;

/// <summary>Milliseconds of one language model call, after a prompt of <see cref="PromptLength"/> inputs.</summary>
internal static class LanguageModelBench
{
    public const int PromptLength = 100;

    private const int WarmUp = 2;
    private const int Steps = 15;

    /// <summary>Seconds of a prefill of <see cref="PromptLength"/> inputs: the median of <paramref name="runs"/>.</summary>
    public static double Prefill(ILanguageModel model, int runs)
    {
        var scores = new float[model.ScoreCount];
        return Median(Enumerable.Range(0, runs + 1).Select(_ =>
        {
            using var cache = model.CreateCache();
            return Time(() => model.Forward([new(cache, Prompt)], scores));
        }).Skip(1));
    }

    /// <summary>Seconds of a step in which <paramref name="batch"/> sequences decode and draw one token each: the median.</summary>
    public static double Step(ILanguageModel model, ITokenSampler sampler, int batch)
    {
        var caches = Enumerable.Range(0, batch).Select(_ => model.CreateCache()).ToArray();
        var drawn = new DrawnToken[batch];
        var draw = new TokenDraw([.. Enumerable.Range(0, 20)], _ => 0.5, Range.All);
        model.Sample([.. caches.Select(cache => new LanguageModelStep(cache, Prompt) { Draw = draw })], sampler, drawn);
        var times = new List<double>();
        for (var step = 0; step < WarmUp + Steps; step++)
        {
            var token = new[] { LanguageModelInput.Speech((step * 97) % model.SpeechTokenCount) };
            times.Add(Time(() => model.Sample([.. caches.Select(cache => new LanguageModelStep(cache, token) { Draw = draw })], sampler, drawn)));
        }

        foreach (var cache in caches)
        {
            cache.Dispose();
        }

        return Median(times.Skip(WarmUp));
    }

    private static LanguageModelInput[] Prompt =>
        [LanguageModelInput.Sos, .. Enumerable.Range(1, PromptLength - 2).Select(LanguageModelInput.Text), LanguageModelInput.TaskId];

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
