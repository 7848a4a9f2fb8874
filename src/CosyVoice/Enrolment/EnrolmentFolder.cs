using CosyVoice.Audio;
using CosyVoice.Text;
using CosyVoice.Weights;

namespace CosyVoice.Enrolment;

/// <summary>The files of a model folder that enrolment needs, beside those that speaking needs.</summary>
internal sealed class EnrolmentFolder
{
    private const string SpeakerNetwork = "campplus.onnx";
    private const string TokenizerFolder = "CosyVoice-BlankEN";

    private readonly string _path;

    /// <exception cref="CheckpointException">No model folder, or one that lacks them; every problem at once.</exception>
    public EnrolmentFolder(string path)
    {
        _path = path;
        var version = File.Exists(Path.Combine(path, "cosyvoice3.yaml")) ? 3
            : File.Exists(Path.Combine(path, "cosyvoice2.yaml")) ? 2
            : throw new CheckpointException(path, ["no model: neither cosyvoice2.yaml nor cosyvoice3.yaml is in this folder"]);
        (Version, SpeechTokenizerPath) = (version, Path.Combine(path, $"speech_tokenizer_v{version}.onnx"));
        string[] missing = [.. new[] { SpeakerNetworkPath, SpeechTokenizerPath }.Where(name => !File.Exists(name)).Select(Path.GetFileName).OfType<string>()];
        if (missing.Length > 0)
        {
            throw new CheckpointException(path, [.. missing.Select(name => $"{name} is missing; voices can be enrolled where it lies beside llm.pt")]);
        }
    }

    /// <summary>2 or 3.</summary>
    public int Version { get; }

    /// <summary>What models of this kind are called, such as "cosyvoice2".</summary>
    public string ModelKind => $"cosyvoice{Version}";

    public string SpeakerNetworkPath => Path.Combine(_path, SpeakerNetwork);

    public string SpeechTokenizerPath { get; }

    public FlowMel FlowMel => Version == 3 ? FlowMel.CosyVoice3 : FlowMel.CosyVoice2;

    public Tokenizer ReadTokenizer()
    {
        var folder = Path.Combine(_path, TokenizerFolder);
        return Version == 3 ? Tokenizer.ForCosyVoice3(folder) : Tokenizer.ForCosyVoice2(folder);
    }
}
