using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Engine;

/// <summary>Builds a model from its folder.</summary>
internal static class ModelLoader
{
    /// <param name="backend">Disposed with the model, and when loading fails.</param>
    /// <param name="noise">What the flow starts from; null: the reference's.</param>
    /// <exception cref="ModelLoadException">The folder holds no usable model; every problem is named.</exception>
    public static SpeechModelParts Load(string path, IStageBackend backend, FlowNoise? noise = null)
    {
        try
        {
            return LoadParts(path, backend, noise);
        }
        catch
        {
            backend.Dispose();
            throw;
        }
    }

    private static SpeechModelParts LoadParts(string path, IStageBackend backend, FlowNoise? noise)
    {
        if (VectorWidths.Problem is { } problem)
        {
            throw new ModelLoadException(path, [problem]);
        }

        var directory = Try(path, [() => ModelDirectory.Open(path)])[0];
        var (languageModel, flow, vocoder) = LoadStages(directory, backend, noise);
        var config = directory.Config;
        return new SpeechModelParts
        {
            Name = new DirectoryInfo(path).Name,
            Kind = config.Kind,
            LanguageModel = languageModel,
            Sampler = backend.CreateSampler(config.Sampling),
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
            Shared = [backend],
        };
    }

    private static (ILanguageModel LanguageModel, IFlow Flow, IVocoder Vocoder) LoadStages(
        ModelDirectory directory, IStageBackend backend, FlowNoise? noise)
    {
        var config = directory.Config;
        var stages = Try<IDisposable>(directory.Path, [
            () => Read(directory.OpenFlow(), checkpoint => backend.LoadFlow(checkpoint, config.Flow, noise)),
            () => Read(directory.OpenVocoder(), checkpoint => backend.LoadVocoder(checkpoint, config.Hift)),
            () => backend.LoadLanguageModel(directory.OpenLanguageModel(), config.LanguageModel), // KV caches take what the others leave.
        ]);
        return ((ILanguageModel)stages[2], (IFlow)stages[0], (IVocoder)stages[1]);
    }

    /// <summary>A stage that copies its weights: the file is needed no longer than that.</summary>
    private static T Read<T>(Checkpoint checkpoint, Func<Checkpoint, T> create)
    {
        using (checkpoint)
        {
            return create(checkpoint);
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
