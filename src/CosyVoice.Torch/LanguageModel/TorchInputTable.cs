using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>The embeddings of everything a language model can be given, below each other, so that one look-up serves any mix.</summary>
internal sealed class TorchInputTable
{
    private readonly int _speechCount;
    private readonly int _textCount;
    private readonly int _sos;
    private readonly int _taskId;

    public TorchInputTable(WeightScope w, SpeechLanguageModelConfig config, TorchWeights weights, DeviceStore store)
    {
        var hidden = config.Backbone.HiddenSize;
        (_speechCount, _textCount) = (config.SpeechTokenCount + config.SpecialTokenCount, config.Backbone.VocabularySize);
        using var speech = weights.Get(w["speech_embedding"], "weight", _speechCount, hidden);
        using var text = weights.Get(w["llm.model.model.embed_tokens"], "weight", _textCount, hidden);
        if (config.Kind == ModelKind.CosyVoice3)
        {
            (_sos, _taskId) = (config.SpeechTokenCount, config.SpeechTokenCount + 2);
            Rows = store.Keep(cat([speech, text], 0));
            return;
        }

        using var marks = weights.Get(w["llm_embedding"], "weight", 2, hidden);
        (_sos, _taskId) = (_speechCount + _textCount, _speechCount + _textCount + 1);
        Rows = store.Keep(cat([speech, text, marks], 0));
    }

    public Tensor Rows { get; } // speech, text, in CosyVoice 2 sos and task id: [inputs, hidden]

    /// <summary>The row of an input.</summary>
    public long this[LanguageModelInput input] => input.Kind switch
    {
        LanguageModelInputKind.Sos => _sos,
        LanguageModelInputKind.TaskId => _taskId,
        LanguageModelInputKind.Text => _speechCount + Checked(input.Id, _textCount),
        _ => Checked(input.Id, _speechCount),
    };

    private static int Checked(int id, int count) => (uint)id < (uint)count
        ? id
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"This table has the rows 0 to {count - 1}.");
}
