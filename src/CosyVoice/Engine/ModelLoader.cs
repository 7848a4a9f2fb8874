using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Engine;

/// <summary>Builds a model from its folder, for this machine's processor.</summary>
internal static class ModelLoader
{
    /// <param name="noise">What the flow starts from; null: the reference's.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model; every problem is named.</exception>
    public static SpeechModelParts Load(string path, int threads, FlowNoise? noise = null)
    {
        if (VectorWidths.Problem is { } problem)
        {
            throw new ModelLoadException(path, [problem]);
        }

        var directory = Try(path, [() => ModelDirectory.Open(path)])[0];
        var workers = new Workers(threads);
        var (languageModel, flow, vocoder) = LoadStages(directory, workers, noise);
        var config = directory.Config;
        return new SpeechModelParts
        {
            Name = new DirectoryInfo(path).Name,
            Kind = config.Kind,
            LanguageModel = languageModel,
            Sampler = config.Sampler,
            Flow = flow,
            Vocoder = vocoder,
            Tokenizer = Try(path, [() => directory.ReadTokenizer()])[0],
            Speakers = Try(path, [directory.ReadSpeakers])[0],
            MixRatio = config.MixRatio,
            Timing = new SegmentTiming
            {
                ChunkTokens = config.Flow.ChunkTokens,
                LookAheadTokens = config.Flow.PreLookaheadLength,
                FramesPerToken = config.Flow.TokenMelRatio,
            },
            Shared = [workers],
        };
    }

    private static (ILanguageModel LanguageModel, IFlow Flow, IVocoder Vocoder) LoadStages(
        ModelDirectory directory, Workers workers, FlowNoise? noise)
    {
        var config = directory.Config;
        var stages = Try<IDisposable>(directory.Path, [
            () => new SpeechLanguageModel(directory.OpenLanguageModel(), config.LanguageModel, workers),
            () => Read(directory.OpenFlow(), w => new FlowModel(w, config.Flow, workers, noise)),
            () => Read(directory.OpenVocoder(), w => new HiftVocoder(w, config.Hift, workers)),
        ]);
        return ((ILanguageModel)stages[0], (IFlow)stages[1], (IVocoder)stages[2]);
    }

    /// <summary>A stage that packs its weights: the file is needed no longer than that.</summary>
    private static T Read<T>(Checkpoint checkpoint, Func<WeightScope, T> create)
    {
        using (checkpoint)
        {
            var w = new WeightScope(checkpoint);
            var stage = create(w);
            w.ThrowIfIncomplete();
            return stage;
        }
    }

    /// <summary>Does all of it and reports every problem at once.</summary>
    private static List<T> Try<T>(string path, IEnumerable<Func<T>> loads)
    {
        var (loaded, errors) = (new List<T>(), new List<CheckpointException>());
        foreach (var load in loads)
        {
            try
            {
                loaded.Add(load());
            }
            catch (CheckpointException error)
            {
                errors.Add(error);
            }
        }

        return errors.Count == 0 ? loaded : throw new ModelLoadException(path, [.. errors.Select(error => error.Message)], errors[0]);
    }
}
