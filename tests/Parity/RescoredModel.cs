using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>A language model whose head was changed: its weight times a factor, that of the end id times another, an addition to its bias.</summary>
internal sealed class RescoredModel(ILanguageModel model, float[] bias, float scale, float endScale, float endBias) : ILanguageModel
{
    public int TextTokenCount => model.TextTokenCount;

    public int ScoreCount => model.ScoreCount;

    public int SpeechTokenCount => model.SpeechTokenCount;

    public IReadOnlyList<int> StopIds => model.StopIds;

    public int EndId => model.EndId;

    public int FillId => model.FillId;

    public ISequenceCache CreateCache() => model.CreateCache();

    public void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores)
    {
        model.Forward(steps, scores);
        for (var i = 0; i < scores.Length; i++)
        {
            var b = bias[i % ScoreCount];
            var isEnd = i % ScoreCount == EndId;
            var factor = isEnd ? scale * endScale : scale;
            scores[i] = (factor == 1 ? scores[i] : ((scores[i] - b) * factor) + b) + (isEnd ? endBias : 0);
        }
    }

    public void Dispose()
    {
    }
}
