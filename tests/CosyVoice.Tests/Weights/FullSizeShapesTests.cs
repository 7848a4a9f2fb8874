using CosyVoice.Bench;
using CosyVoice.Kernels;
using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

/// <summary>The published models' keys and shapes: every one is asked for, and no other.</summary>
public sealed class FullSizeShapesTests
{
    private static readonly Qwen2Config Backbone = new()
    {
        HiddenSize = 896, IntermediateSize = 4864, Layers = 24, AttentionHeads = 14, KeyValueHeads = 2, VocabularySize = 151_936,
    };

    private static readonly FlowConfig SecondFlow = new()
    {
        InputSize = 512,
        VocabSize = 6561,
        Encoder = new() { OutputSize = 512, AttentionHeads = 8, LinearUnits = 2048, Blocks = 6 },
        Estimator = new() { Channels = [256], AttentionHeadDim = 64, Heads = 8, Blocks = 4, MidBlocks = 12 },
    };

    private static readonly FlowConfig ThirdFlow = new()
    {
        InputSize = 80,
        VocabSize = 6561,
        LookaheadChannels = 1024,
        Transformer = new() { Width = 1024, Depth = 22, Heads = 16, HeadSize = 64, Widening = 2 },
    };

    private static readonly HiftConfig SecondHift = new()
    {
        InChannels = 80, BaseChannels = 512, NbHarmonics = 8, SamplingRate = 24_000, NsfAlpha = 0.1f, NsfSigma = 0.003f, NsfVoicedThreshold = 10,
        UpsampleRates = [8, 5, 3], UpsampleKernelSizes = [16, 11, 7], IstftNFft = 16, IstftHopLen = 4,
        ResblockKernelSizes = [3, 7, 11], ResblockDilationSizes = [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
        SourceResblockKernelSizes = [7, 7, 11], SourceResblockDilationSizes = [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
        LreluSlope = 0.1f, AudioLimit = 0.99f, F0CondChannels = 512,
    };

    private static HiftConfig ThirdHift => SecondHift with { ConvPreLookRight = 4 };

    [Theory]
    [InlineData(ModelKind.CosyVoice2, "cosyvoice2.llm", 6564)]
    [InlineData(ModelKind.CosyVoice3, "cosyvoice3.llm", 6761)]
    public void LanguageModel_PublishedKeys_AllAndNoOther(ModelKind kind, string file, int scores)
    {
        using var workers = new Workers(1);
        using var model = new SpeechLanguageModel(new ZeroCheckpoint(file), Config(kind), workers);
        Assert.Equal((scores, 6561 + (kind == ModelKind.CosyVoice3 ? 3 : 2)), (model.ScoreCount, model.FillId));

        var error = Assert.Throws<CheckpointException>(
            () => new SpeechLanguageModel(new ZeroCheckpoint(file).Remove("llm.model.model.norm.weight").Add("more", 1), Config(kind), workers));
        Assert.Equal(["missing llm.model.model.norm.weight [896]", "left over more"], error.Problems);

        static SpeechLanguageModelConfig Config(ModelKind kind) => new() { Kind = kind, Backbone = Backbone, SpeechTokenCount = 6561 };
    }

    [Fact]
    public void Flow_PublishedKeysOfCosyVoice2_AllAndNoOther() => LoadFlow("cosyvoice2.flow", SecondFlow);

    [Fact]
    public void Flow_PublishedKeysOfCosyVoice3_AllAndNoOther() => LoadFlow("cosyvoice3.flow", ThirdFlow);

    [Fact]
    public void Vocoder_PublishedKeysOfCosyVoice2_AllAndNoOther() => LoadVocoder("cosyvoice2.hift", SecondHift);

    [Fact]
    public void Vocoder_PublishedKeysOfCosyVoice3_AllAndNoOther() => LoadVocoder("cosyvoice3.hift", ThirdHift);

    /// <summary>The whole way from a folder: what its yaml and configuration say is what the published weights need.</summary>
    [Theory]
    [InlineData(2, "models/default")]
    [InlineData(3, "tests/fixtures/model_v3/model")]
    public void Folder_OfThePublishedSizes_AllAndNoOther(int generation, string small)
    {
        using var folder = new TemporaryFolder();
        var yaml = $"cosyvoice{generation}.yaml";
        folder.Write(yaml, FullSizeYaml.Of(generation, File.ReadAllText(Repository.File($"{small}/{yaml}"))));
        folder.Write("CosyVoice-BlankEN/config.json", """
            {"hidden_size": 896, "intermediate_size": 4864, "vocab_size": 151936, "num_hidden_layers": 24, "num_attention_heads": 14,
             "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "tie_word_embeddings": true}
            """);
        foreach (var name in new[] { "llm.pt", "flow.pt", "hift.pt", "CosyVoice-BlankEN/tokenizer_config.json", "CosyVoice-BlankEN/vocab.json", "CosyVoice-BlankEN/merges.txt" })
        {
            folder.Write(name, "");
        }

        var config = ModelDirectory.Open(folder.Path).Config;

        using var workers = new Workers(2);
        using var model = new SpeechLanguageModel(new ZeroCheckpoint($"cosyvoice{generation}.llm"), config.LanguageModel, workers);
        LoadFlow($"cosyvoice{generation}.flow", config.Flow);
        LoadVocoder($"cosyvoice{generation}.hift", config.Hift);
    }

    private static void LoadFlow(string file, FlowConfig config)
    {
        using var workers = new Workers(2);
        using var checkpoint = new ZeroCheckpoint(file);
        var scope = new WeightScope(checkpoint);
        using var flow = new FlowModel(scope, config, workers);
        scope.ThrowIfIncomplete();

        // It runs: with weights of zero the mel stays the noise that it started from.
        using var mel = flow.Generate(new FlowRequest { Embedding = new float[192], Tokens = new[] { 1 }, Finalize = true });
        Assert.Equal((2, 80), (mel.Rows, mel.Columns));
        Assert.All(mel.Span.ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    private static void LoadVocoder(string file, HiftConfig config)
    {
        using var workers = new Workers(2);
        using var checkpoint = new ZeroCheckpoint(file);
        var scope = new WeightScope(checkpoint);
        using var vocoder = new HiftVocoder(scope, config, workers);
        scope.ThrowIfIncomplete();

        using var mel = new Tensor(2, 80);
        Assert.Equal(2 * 480, vocoder.Decode(mel, new float[2 * 480]).Length);
    }
}
