namespace CosyVoice.Engine;

/// <summary>Sampling in the processor's memory, whatever computed the scores.</summary>
public static class LanguageModelSampling
{
    /// <summary>See <see cref="ILanguageModel.Sample"/>.</summary>
    public static void SampleOnHost(this ILanguageModel model, IReadOnlyList<LanguageModelStep> steps, ITokenSampler sampler, Span<DrawnToken> tokens)
    {
        var scores = new float[steps.Count * model.ScoreCount];
        model.Forward(steps, scores);
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Draw is { } draw)
            {
                var row = scores.AsSpan(i * model.ScoreCount, model.ScoreCount);
                Forbid(row[model.SpeechTokenCount..], draw.Special);
                tokens[i] = sampler.Sample(row, draw);
            }
        }
    }

    private static void Forbid(Span<float> special, Range allowed)
    {
        var (start, length) = allowed.GetOffsetAndLength(special.Length);
        special[..start].Fill(float.NegativeInfinity);
        special[(start + length)..].Fill(float.NegativeInfinity);
    }
}
