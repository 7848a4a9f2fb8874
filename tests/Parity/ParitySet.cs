using CosyVoice.Engine;

namespace CosyVoice.Parity;

/// <summary>A fixture set: one folder per stage. Which stages this build can check, and how, is listed here.</summary>
public static class ParitySet
{
    private static readonly Dictionary<string, Action<Fixture, IStageBackend, ParityReport>> OfBackends = new()
    {
        ["llm_v2"] = LanguageModelParity.Run,
        ["llm_v3"] = LanguageModelParity.Run,
        ["sampling"] = SamplingParity.Run,
        ["model_v2"] = ModelParity.Run,
        ["model_v3"] = ModelParity.Run,
        ["hift_v2"] = HiftParity.Run,
        ["hift_v3"] = HiftParity.Run,
        ["flow_v2"] = FlowParity.Run,
        ["flow_v3"] = FlowParity.Run,
    };

    private static readonly Dictionary<string, Action<Fixture, ParityReport>> Common = new()
    {
        ["rng"] = RngParity.Run,
        ["text"] = TextParity.Run,
        ["features"] = FeaturesParity.Run,
        ["campplus"] = SpeakerEncoderParity.Run,
        ["speech_tokenizer_v2"] = SpeechTokenizerParity.Run,
        ["speech_tokenizer_v3"] = SpeechTokenizerParity.Run,
    };

    /// <summary>Names of the folders that can be checked.</summary>
    public static IReadOnlyCollection<string> Known => [.. OfBackends.Keys, .. Common.Keys];

    /// <summary>Those whose stages a backend computes.</summary>
    public static IReadOnlyCollection<string> KnownOfBackends => OfBackends.Keys;

    /// <summary>Checks every folder below <paramref name="path"/> that has a manifest, in the order of their names.</summary>
    /// <param name="backend">Makes what computes a folder's stages.</param>
    public static void Run(string path, Func<IStageBackend> backend, ParityReport report)
    {
        foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(folder, "manifest.json")))
            {
                RunFolder(folder, backend, report);
            }
        }
    }

    public static void RunFolder(string folder, Func<IStageBackend> backend, ParityReport report)
    {
        report.Folder = Path.GetFileName(folder);
        try
        {
            if (OfBackends.TryGetValue(report.Folder, out var stage))
            {
                using var computes = backend();
                stage(new Fixture(folder), computes, report);
            }
            else if (Common.TryGetValue(report.Folder, out var common))
            {
                common(new Fixture(folder), report);
            }
            else
            {
                report.NotYet();
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            report.Error("-", error);
        }
    }
}
