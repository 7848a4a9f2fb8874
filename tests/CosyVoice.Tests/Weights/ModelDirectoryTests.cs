using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Weights;

public class ModelDirectoryTests
{
    [Fact]
    public void Open_DefaultModel_ReadsItsSizes()
    {
        var config = ModelDirectory.Open(Repository.File("models/default")).Config;

        Assert.Equal(24_000, config.SampleRate);
        Assert.Equal(6561, config.LanguageModel.SpeechTokenCount);
        Assert.Equal((192, 512, 5, 4, 2, 2496), (
            config.LanguageModel.Backbone.HiddenSize,
            config.LanguageModel.Backbone.IntermediateSize,
            config.LanguageModel.Backbone.Layers,
            config.LanguageModel.Backbone.AttentionHeads,
            config.LanguageModel.Backbone.KeyValueHeads,
            config.LanguageModel.Backbone.VocabularySize));
        Assert.Equal((1e-6f, 1e6f), (config.LanguageModel.Backbone.RmsNormEpsilon, config.LanguageModel.Backbone.RopeTheta));
        Assert.Equal((0.5, 25, 10, 1.1), (config.Sampling.TopP, config.Sampling.TopK, config.Sampling.WindowSize, config.Sampling.TauR));
        Assert.Equal(new MixRatio(5, 15), config.MixRatio);
        Assert.Equal((128, 6561, 192, 80, 2, 3), (
            config.Flow.InputSize,
            config.Flow.VocabSize,
            config.Flow.SpeakerEmbeddingSize,
            config.Flow.OutputSize,
            config.Flow.TokenMelRatio,
            config.Flow.PreLookaheadLength));
        Assert.Equal((128, 4, 256, 2, 25), (
            config.Flow.Encoder!.OutputSize,
            config.Flow.Encoder!.AttentionHeads,
            config.Flow.Encoder!.LinearUnits,
            config.Flow.Encoder!.Blocks,
            config.Flow.Encoder!.StaticChunkSize));
        Assert.Equal((320, 80, 32, 4, 1, 4, 50, -1), (
            config.Flow.Estimator!.InChannels,
            config.Flow.Estimator!.OutChannels,
            config.Flow.Estimator!.AttentionHeadDim,
            config.Flow.Estimator!.Heads,
            config.Flow.Estimator!.Blocks,
            config.Flow.Estimator!.MidBlocks,
            config.Flow.Estimator!.StaticChunkSize,
            config.Flow.Estimator!.LeftChunks));
        Assert.Equal([128], config.Flow.Estimator!.Channels);
        Assert.Equal(0.7f, config.Flow.GuidanceRate);
        Assert.Equal((80, 128, 8, 24_000, 0.1f, 0.003f, 10f), (
            config.Hift.InChannels,
            config.Hift.BaseChannels,
            config.Hift.NbHarmonics,
            config.Hift.SamplingRate,
            config.Hift.NsfAlpha,
            config.Hift.NsfSigma,
            config.Hift.NsfVoicedThreshold));
        Assert.Equal((16, 4, 0.1f, 0.99f, 96), (
            config.Hift.IstftNFft,
            config.Hift.IstftHopLen,
            config.Hift.LreluSlope,
            config.Hift.AudioLimit,
            config.Hift.F0CondChannels));
        Assert.Equal([8, 5, 3], config.Hift.UpsampleRates);
        Assert.Equal([[1, 3, 5], [1, 3, 5], [1, 3, 5]], config.Hift.SourceResblockDilationSizes);
    }

    [Fact]
    public void Parts_OfTheDefaultModel_Open()
    {
        var model = ModelDirectory.Open(Repository.File("models/default"));
        using var languageModel = model.OpenLanguageModel();
        using var flow = model.OpenFlow();
        using var vocoder = model.OpenVocoder();

        Assert.True(languageModel.Tensors.ContainsKey("llm_decoder.weight"));
        Assert.True(flow.Tensors.ContainsKey("encoder_proj.weight"));
        Assert.True(vocoder.Tensors.ContainsKey("conv_pre.bias"));
        Assert.Equal(2453, model.ReadTokenizer().VocabularySize);
        Assert.Equal(["amy", "ben", "dan", "eve"], model.ReadSpeakers().Keys.Order());
    }

    [Fact]
    public void Open_YamlFromBeforeChunkedAttention_UsesItsSizes()
    {
        using var folder = new TemporaryFolder();
        var source = Repository.File("models/default");
        folder.Write("cosyvoice2.yaml", string.Join('\n', File.ReadLines(Path.Combine(source, "cosyvoice2.yaml"))
            .Where(line => !line.Contains("chunk", StringComparison.Ordinal))));
        foreach (var name in new[] { "llm.pt", "flow.pt", "hift.pt" })
        {
            folder.Write(name, "");
        }

        foreach (var name in new[] { "tokenizer_config.json", "vocab.json", "merges.txt" })
        {
            folder.Write($"CosyVoice-BlankEN/{name}", "");
        }

        folder.Write("CosyVoice-BlankEN/config.json", File.ReadAllText(Path.Combine(source, "CosyVoice-BlankEN/config.json")));

        var flow = ModelDirectory.Open(folder.Path).Config.Flow;

        Assert.Equal((25, 50, -1), (flow.Encoder!.StaticChunkSize, flow.Estimator!.StaticChunkSize, flow.Estimator!.LeftChunks));
    }

    [Fact]
    public void ReadTokenizer_WithMoreTokensThanEmbeddings_Throws()
    {
        using var folder = new TemporaryFolder();
        var source = Repository.File("models/default");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(source, file);
            folder.Write(name, name.EndsWith(".pt", StringComparison.Ordinal)
                ? ""
                : File.ReadAllText(file).Replace("\"vocab_size\": 2496", "\"vocab_size\": 2452", StringComparison.Ordinal));
        }

        var model = ModelDirectory.Open(folder.Path);

        Assert.Contains("2453 tokens", Assert.Throws<CheckpointException>(model.ReadTokenizer).Message);
    }

    [Fact]
    public void Open_NoFolder_SaysSo() => Assert.Contains("no such folder", Message(Path.Combine(Path.GetTempPath(), "no-such-folder")));

    [Theory]
    [InlineData("readme.txt", "neither cosyvoice2.yaml nor cosyvoice3.yaml")]
    [InlineData("cosyvoice.yaml", "CosyVoice 1")]
    public void Open_OtherKind_SaysWhich(string file, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, "");

        Assert.Contains(expected, Message(folder.Path));
    }

    [Fact]
    public void Open_TwoKindsAtOnce_AsksForOne()
    {
        using var folder = new TemporaryFolder();
        folder.Write("cosyvoice2.yaml", "");
        folder.Write("cosyvoice3.yaml", "");

        Assert.Contains("both cosyvoice2.yaml and cosyvoice3.yaml", Message(folder.Path));
    }

    [Fact]
    public void Open_CosyVoice3_ReadsItsSizes()
    {
        var model = ModelDirectory.Open(Repository.Fixture("model_v3/model"));
        var (flow, hift) = (model.Config.Flow, model.Config.Hift);

        Assert.Equal((ModelKind.CosyVoice3, ModelKind.CosyVoice3), (model.Config.Kind, model.Config.LanguageModel.Kind));
        Assert.Null(flow.Encoder);
        Assert.Null(flow.Estimator);
        Assert.Equal(
            new DiffusionTransformerConfig { Width = 48, Depth = 2, Heads = 3, HeadSize = 16, Widening = 2, StaticChunkSize = 50 }, flow.Transformer);
        Assert.Equal((80, 96, 3, 25), (flow.InputSize, flow.LookaheadChannels, flow.PreLookaheadLength, flow.ChunkTokens));
        Assert.Equal((4, true), (hift.ConvPreLookRight, hift.IsCausal));
        Assert.NotNull(model.ReadTokenizer().IdOf("<|endofsystem|>"));
    }

    [Fact]
    public void Open_SeveralProblems_ReportsAll()
    {
        using var folder = new TemporaryFolder();
        var source = Repository.File("models/default");
        folder.Write("cosyvoice2.yaml", File.ReadAllText(Path.Combine(source, "cosyvoice2.yaml"))
            .Replace("token_mel_ratio: 2", "token_mel_ratio: two", StringComparison.Ordinal)
            .Replace("mix_ratio: [5, 15]", "mix_ratio: [5]", StringComparison.Ordinal)
            .Replace("base_channels", "bass_channels", StringComparison.Ordinal));
        folder.Write("CosyVoice-BlankEN/config.json", File.ReadAllText(Path.Combine(source, "CosyVoice-BlankEN/config.json"))
            .Replace("\"hidden_size\": 192", "\"hidden_size\": 190", StringComparison.Ordinal));
        folder.Write("llm.pt", "");
        folder.Write("flow.pt", "");

        var problems = Assert.Throws<CheckpointException>(() => ModelDirectory.Open(folder.Path)).Problems;

        Assert.Equal(
            [
                "hift.pt is missing",
                "CosyVoice-BlankEN/tokenizer_config.json is missing",
                "CosyVoice-BlankEN/vocab.json is missing",
                "CosyVoice-BlankEN/merges.txt is missing",
                "config.json: hidden_size 190, num_attention_heads 4, num_key_value_heads 2: each must be a multiple of the next",
                "cosyvoice2.yaml: llm.llm_input_size: 192, but hidden_size in config.json is 190",
                "cosyvoice2.yaml: llm.mix_ratio: two numbers are expected, not 1",
                "cosyvoice2.yaml: flow.token_mel_ratio: an integer of at least 1 is expected, not 'two'",
                "cosyvoice2.yaml: flow.decoder.estimator.static_chunk_size: '!ref <chunk_size> * <token_mel_ratio>' is not understood",
                "cosyvoice2.yaml: hift.base_channels: missing",
            ],
            problems);
    }

    private static string Message(string folder) => Assert.Throws<CheckpointException>(() => ModelDirectory.Open(folder)).Message;
}
