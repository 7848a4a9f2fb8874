using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Tests;
using CosyVoice.Torch.LanguageModel;
using CosyVoice.Weights;

namespace CosyVoice.Torch.Tests;

/// <summary>Language models to compute with, and inputs for them.</summary>
internal static class LanguageModels
{
    /// <summary>Those of 16 bits that the device computes: libtorch's processor kernels lack a layer norm in fp16 in some versions.</summary>
    public static IReadOnlyList<TorchPrecision> Halves => TestDevice.Device.Type == TorchDeviceType.Cpu
        ? [TorchPrecision.BFloat16] : [TorchPrecision.BFloat16, TorchPrecision.Float16];

    public static SpeechLanguageModelConfig Config => new()
    {
        SpeechTokenCount = 500,
        Backbone = new()
        {
            HiddenSize = 64, IntermediateSize = 160, Layers = 3, AttentionHeads = 4, KeyValueHeads = 2, VocabularySize = 512,
        },
    };

    /// <summary>The rows, heads and codebook of the 0.5B models, in one layer.</summary>
    private static SpeechLanguageModelConfig WideConfig => new()
    {
        SpeechTokenCount = 6561,
        Kind = ModelKind.CosyVoice3,
        Backbone = new()
        {
            HiddenSize = 896, IntermediateSize = 4864, Layers = 1, AttentionHeads = 14, KeyValueHeads = 2, VocabularySize = 600,
        },
    };

    public static Checkpoint Open() => Checkpoint.Open(Repository.Fixture("llm_v2/weights.safetensors"));

    public static TorchOptions Options(int decodeRows = 16, TorchPrecision precision = TorchPrecision.Float32, int positions = 16384) =>
        new() { Device = TestDevice.Device, DecodeRows = decodeRows, Precision = precision, CachePositions = positions };

    public static TorchLanguageModel Load(TorchOptions? options = null) => Load(Open(), Config, options ?? Options());

    /// <summary>The built-in voice's.</summary>
    public static TorchLanguageModel LoadDefault(TorchOptions options)
    {
        var directory = ModelDirectory.Open(Repository.File("models/default"));
        return Load(directory.OpenLanguageModel(), directory.Config.LanguageModel, options);
    }

    public static TorchLanguageModel LoadWide(TorchOptions options) => Load(Random(WideConfig), WideConfig, options);

    public static TorchLanguageModel Load(Checkpoint checkpoint, SpeechLanguageModelConfig config, TorchOptions options)
    {
        using var backend = new TorchBackend(options);
        return (TorchLanguageModel)backend.LoadLanguageModel(checkpoint, config);
    }

    /// <summary>A prompt of so many inputs, different for each seed.</summary>
    public static LanguageModelInput[] Prompt(int length, int seed = 0) =>
    [
        LanguageModelInput.Sos, .. Enumerable.Range(0, length / 3).Select(i => LanguageModelInput.Text(((i * 37) + (seed * 11)) % 500)),
        LanguageModelInput.TaskId,
        .. Enumerable.Range(0, length - 2 - (length / 3)).Select(i => LanguageModelInput.Speech(((i * 53) + (seed * 7)) % 480)),
    ];

    /// <summary>Appends the inputs in pieces; the scores after the last.</summary>
    public static float[] Give(this ILanguageModel model, ISequenceCache cache, IEnumerable<LanguageModelInput> inputs, int piece = int.MaxValue)
    {
        var scores = new float[model.ScoreCount];
        foreach (var part in inputs.Chunk(piece))
        {
            model.Forward([new(cache, part)], scores);
        }

        return scores;
    }

    private static MemoryCheckpoint Random(SpeechLanguageModelConfig config)
    {
        var (checkpoint, random, of) = (new MemoryCheckpoint(), new Random(5), config.Backbone);

        void Add(string name, float scale, params int[] shape)
        {
            var values = new float[shape.Aggregate(1, (product, size) => product * size)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (shape.Length == 1 ? 1 : 0) + (scale * ((2 * random.NextSingle()) - 1));
            }

            checkpoint.Add(name, values, shape);
        }

        Add("llm.model.model.embed_tokens.weight", 1, of.VocabularySize, of.HiddenSize);
        Add("speech_embedding.weight", 1, config.SpeechTokenCount + config.SpecialTokenCount, of.HiddenSize);
        Add("llm_decoder.weight", 0.1f, config.SpeechTokenCount + config.SpecialTokenCount, of.HiddenSize);
        Add("llm.model.model.norm.weight", 0.1f, of.HiddenSize);
        for (var i = 0; i < of.Layers; i++)
        {
            var (layer, width) = ($"llm.model.model.layers.{i}.", of.KeyValueHeads * of.HeadSize);
            Add(layer + "input_layernorm.weight", 0.1f, of.HiddenSize);
            Add(layer + "post_attention_layernorm.weight", 0.1f, of.HiddenSize);
            foreach (var (name, rows) in new[] { ("q_proj", of.HiddenSize), ("k_proj", width), ("v_proj", width) })
            {
                Add($"{layer}self_attn.{name}.weight", 0.08f, rows, of.HiddenSize);
                Add($"{layer}self_attn.{name}.bias", 0.1f, rows);
            }

            Add(layer + "self_attn.o_proj.weight", 0.05f, of.HiddenSize, of.HiddenSize);
            Add(layer + "mlp.gate_proj.weight", 0.05f, of.IntermediateSize, of.HiddenSize);
            Add(layer + "mlp.up_proj.weight", 0.05f, of.IntermediateSize, of.HiddenSize);
            Add(layer + "mlp.down_proj.weight", 0.02f, of.HiddenSize, of.IntermediateSize);
        }

        return checkpoint;
    }
}
