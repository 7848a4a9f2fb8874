using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Engine;

/// <summary>This machine's processor: kernels in C#, all in fp32. The language model stays on the mapped file.</summary>
/// <param name="threads">Threads that compute, at least 1.</param>
public sealed class ProcessorBackend(int threads) : IStageBackend
{
    private readonly Workers _workers = new(threads);

    public string Name => "cpu";

    public ILanguageModel LoadLanguageModel(Checkpoint checkpoint, SpeechLanguageModelConfig config)
    {
        try
        {
            return new SpeechLanguageModel(checkpoint, config, _workers);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    public ITokenSampler CreateSampler(SamplingRules rules) => new RepetitionAwareSampler(rules);

    public IFlow LoadFlow(Checkpoint checkpoint, FlowConfig config, FlowNoise? noise = null) =>
        WeightScope.ReadAll(checkpoint, w => new FlowModel(w, config, _workers, noise));

    public IVocoder LoadVocoder(Checkpoint checkpoint, HiftConfig config) =>
        WeightScope.ReadAll(checkpoint, w => new HiftVocoder(w, config, _workers));

    public void Dispose() => _workers.Dispose();
}
