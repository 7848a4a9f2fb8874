using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>A language model whose head was changed: its weight times a factor, an addition to the bias of the end id.</summary>
internal sealed class RescoredModel(ILanguageModel model, float[] bias, float scale, float endBias) : ILanguageModel
{
    public int TextTokenCount => model.TextTokenCount;

    public int ScoreCount => model.ScoreCount;

    public int SpeechTokenCount => model.SpeechTokenCount;

    public IReadOnlyList<int> StopIds => model.StopIds;

    public int FillId => model.FillId;

    public ISequenceCache CreateCache() => model.CreateCache();

    public void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores)
    {
        model.Forward(steps, scores);
        for (var i = 0; i < scores.Length; i++)
        {
            var b = bias[i % ScoreCount];
            scores[i] = (scale == 1 ? scores[i] : ((scores[i] - b) * scale) + b) + (i % ScoreCount == StopIds[0] ? endBias : 0);
        }
    }

    public void Dispose()
    {
    }
}
