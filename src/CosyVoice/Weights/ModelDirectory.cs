using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Weights;

/// <summary>
/// A CosyVoice 2 or 3 model folder in the layout it is published in: cosyvoice2.yaml or cosyvoice3.yaml, llm.pt, flow.pt, hift.pt, CosyVoice-BlankEN/
/// (the Qwen2 configuration and tokenizer), and perhaps spk2info.pt. Which yaml is there says which model it is.
/// </summary>
public sealed class ModelDirectory
{
    private const string TokenizerFolder = "CosyVoice-BlankEN";

    private static readonly (ModelKind Kind, string Yaml)[] Kinds =
    [
        (ModelKind.CosyVoice2, "cosyvoice2.yaml"),
        (ModelKind.CosyVoice3, "cosyvoice3.yaml"),
    ];

    private static readonly string[] Required =
    [
        "llm.pt",
        "flow.pt",
        "hift.pt",
        $"{TokenizerFolder}/config.json",
        $"{TokenizerFolder}/tokenizer_config.json",
        $"{TokenizerFolder}/vocab.json",
        $"{TokenizerFolder}/merges.txt",
    ];

    private ModelDirectory(string path, ModelConfig config)
    {
        Path = path;
        Config = config;
    }

    public string Path { get; }

    public ModelConfig Config { get; }

    /// <summary>Finds the model's files and reads its configuration; weights are opened by the other methods.</summary>
    /// <exception cref="CheckpointException">Not a CosyVoice 2 or 3 model, or an incomplete one: every problem at once.</exception>
    public static ModelDirectory Open(string path)
    {
        var (kind, yamlName) = FindKind(path);
        var missing = Required.Where(name => !System.IO.File.Exists(System.IO.Path.Combine(path, name)));
        List<string> problems = [.. missing.Select(name => $"{name} is missing")];
        var yaml = YamlConfig.Load(System.IO.Path.Combine(path, yamlName), problems);
        var qwenPath = System.IO.Path.Combine(path, TokenizerFolder, "config.json");
        var qwen = System.IO.File.Exists(qwenPath) ? YamlConfig.Load(qwenPath, problems) : null;
        var config = yaml != null && qwen != null ? ModelConfigReader.Read(kind, yaml, qwen, problems) : null;
        return config != null && problems.Count == 0
            ? new ModelDirectory(path, config)
            : throw new CheckpointException(path, problems);
    }

    /// <summary>The weights of the language model; the caller disposes them after the model that uses them.</summary>
    public Checkpoint OpenLanguageModel() => Checkpoint.Open(File("llm.pt"));

    public Checkpoint OpenFlow() => Checkpoint.Open(File("flow.pt"));

    /// <summary>The weights of the vocoder, without the prefix that adversarial training leaves on their names.</summary>
    public Checkpoint OpenVocoder() => Checkpoint.Open(File("hift.pt")).WithoutPrefix("generator.");

    /// <summary>Speakers by id; none where the folder has no spk2info.pt.</summary>
    public IReadOnlyDictionary<string, Speaker> ReadSpeakers() => System.IO.File.Exists(File("spk2info.pt"))
        ? SpeakerFile.Read(File("spk2info.pt"))
        : new Dictionary<string, Speaker>();

    public Tokenizer ReadTokenizer()
    {
        var tokenizer = Config.Kind == ModelKind.CosyVoice3
            ? Tokenizer.ForCosyVoice3(File(TokenizerFolder))
            : Tokenizer.ForCosyVoice2(File(TokenizerFolder));
        var embeddings = Config.LanguageModel.Backbone.VocabularySize;
        return tokenizer.VocabularySize <= embeddings
            ? tokenizer
            : throw new CheckpointException(Path, [
                $"the tokenizer has {tokenizer.VocabularySize} tokens, the language model embeds {embeddings} (vocab_size)"]);
    }

    private static (ModelKind Kind, string Yaml) FindKind(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new CheckpointException(path, ["there is no such folder"]);
        }

        return Kinds.Where(kind => Has(kind.Yaml)).ToArray() switch
        {
            [var only] => only,
            [_, ..] => throw new CheckpointException(path, ["both cosyvoice2.yaml and cosyvoice3.yaml are here; remove the one that the weights are not of"]),
            _ => throw new CheckpointException(path, [
                Has("cosyvoice.yaml")
                    ? "a CosyVoice 1 model (cosyvoice.yaml); it is not supported, CosyVoice 2 and 3 are"
                    : "no model: neither cosyvoice2.yaml nor cosyvoice3.yaml is in this folder"]),
        };

        bool Has(string name) => System.IO.File.Exists(System.IO.Path.Combine(path, name));
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
