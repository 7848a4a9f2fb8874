using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Engine;

/// <summary>What computes a model's stages: the processor, or a device that TorchSharp serves. Outlives the stages it made.</summary>
public interface IStageBackend : IDisposable
{
    /// <summary>Names what computes and in which type: where it is the same, the same input gives the same bits.</summary>
    string Name { get; }

    /// <summary>Builds the language model; it owns <paramref name="checkpoint"/> from now on, also when this fails.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, or left over.</exception>
    ILanguageModel LoadLanguageModel(Checkpoint checkpoint, SpeechLanguageModelConfig config);

    /// <summary>What draws this backend's tokens, where its scores are.</summary>
    ITokenSampler CreateSampler(SamplingRules rules);

    /// <summary>Builds the flow from copies of the weights: the checkpoint may be closed afterwards.</summary>
    /// <param name="noise">Where the solver starts; null: the reference's table.</param>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, or left over.</exception>
    IFlow LoadFlow(Checkpoint checkpoint, FlowConfig config, FlowNoise? noise = null);

    /// <summary>Builds the vocoder from copies of the weights: the checkpoint may be closed afterwards.</summary>
    /// <param name="checkpoint">Its names carry no <c>generator.</c> prefix.</param>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, or left over.</exception>
    IVocoder LoadVocoder(Checkpoint checkpoint, HiftConfig config);
}
