namespace CosyVoice.Parity;

/// <summary>A fixture set: one folder per stage. Which stages this build can check, and how, is listed here.</summary>
public static class ParitySet
{
    private static readonly Dictionary<string, Action<Fixture, ParityReport>> Stages = new()
    {
        ["llm_v2"] = LanguageModelParity.Run,
        ["llm_v3"] = LanguageModelParity.Run,
        ["model_v2"] = ModelParity.Run,
        ["model_v3"] = ModelParity.Run,
        ["sampling"] = SamplingParity.Run,
        ["rng"] = RngParity.Run,
        ["text"] = TextParity.Run,
        ["hift_v2"] = HiftParity.Run,
        ["hift_v3"] = HiftParity.Run,
        ["flow_v2"] = FlowParity.Run,
        ["flow_v3"] = FlowParity.Run,
        ["features"] = FeaturesParity.Run,
        ["campplus"] = SpeakerEncoderParity.Run,
        ["speech_tokenizer_v2"] = SpeechTokenizerParity.Run,
        ["speech_tokenizer_v3"] = SpeechTokenizerParity.Run,
    };

    /// <summary>Names of the folders that can be checked.</summary>
    public static IReadOnlyCollection<string> Known => Stages.Keys;

    /// <summary>Checks every folder below <paramref name="path"/> that has a manifest, in the order of their names.</summary>
    public static void Run(string path, ParityReport report)
    {
        foreach (var folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal))
        {
            if (File.Exists(Path.Combine(folder, "manifest.json")))
            {
                RunFolder(folder, report);
            }
        }
    }

    public static void RunFolder(string folder, ParityReport report)
    {
        report.Folder = Path.GetFileName(folder);
        if (!Stages.TryGetValue(report.Folder, out var stage))
        {
            report.NotYet();
            return;
        }

        try
        {
            stage(new Fixture(folder), report);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            report.Error("-", error);
        }
    }
}
