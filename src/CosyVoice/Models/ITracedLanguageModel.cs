using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>A language model whose inside can be compared with the reference's.</summary>
internal interface ITracedLanguageModel : ILanguageModel
{
    /// <summary>The inputs' embeddings, [inputs of all steps, hidden].</summary>
    Tensor Embed(IReadOnlyList<LanguageModelStep> steps);

    /// <summary>Appends the inputs to their caches; the final hidden state of every input, [inputs of all steps, hidden].</summary>
    Tensor ForwardHidden(IReadOnlyList<LanguageModelStep> steps);

    /// <summary>Hidden states [rows, hidden] to scores [rows, ScoreCount].</summary>
    Tensor Decode(Tensor hidden);

    /// <summary>What a cache holds of one layer, each [positions, key/value heads * head size].</summary>
    (Tensor Keys, Tensor Values) Remembered(ISequenceCache cache, int layer);
}
