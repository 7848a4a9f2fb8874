using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Weights;

/// <summary>
/// Fills <see cref="ModelConfig"/> from cosyvoice2.yaml or cosyvoice3.yaml and CosyVoice-BlankEN/config.json. Folders downloaded before chunked
/// attention was added to the yaml lack its sizes; their weights are the same.
/// </summary>
internal static class ModelConfigReader
{
    private const int ChunkTokens = 25;
    private const int ChunkFrames = 50;
    private const int AllChunks = -1;
    private const int ConvPreLookRight = 4;

    public static ModelConfig Read(ModelKind kind, YamlConfig yaml, YamlConfig qwen, List<string> problems) => new()
    {
        Kind = kind,
        SampleRate = yaml.Root.Positive("sample_rate"),
        LanguageModel = ReadLanguageModel(kind, yaml, ReadBackbone(qwen.Root, problems), problems),
        Sampling = ReadSampling(yaml["llm"]["sampling"]),
        MixRatio = ReadMixRatio(yaml, problems),
        Flow = ReadFlow(kind, yaml["flow"]),
        Hift = ReadHift(kind, yaml["hift"]),
    };

    private static Qwen2Config ReadBackbone(YamlSection qwen, List<string> problems)
    {
        var config = new Qwen2Config
        {
            HiddenSize = qwen.Positive("hidden_size"),
            IntermediateSize = qwen.Positive("intermediate_size"),
            Layers = qwen.Positive("num_hidden_layers"),
            AttentionHeads = qwen.Positive("num_attention_heads"),
            KeyValueHeads = qwen.Positive("num_key_value_heads"),
            VocabularySize = qwen.Positive("vocab_size"),
            RmsNormEpsilon = (float)qwen.Number("rms_norm_eps", 0, 1),
            RopeTheta = (float)qwen.Number("rope_theta", 1),
        };
        if (config.HiddenSize % config.AttentionHeads != 0 || config.AttentionHeads % config.KeyValueHeads != 0)
        {
            problems.Add(
                $"config.json: hidden_size {config.HiddenSize}, num_attention_heads {config.AttentionHeads}, " +
                $"num_key_value_heads {config.KeyValueHeads}: each must be a multiple of the next");
        }
        else if (qwen.Has("head_dim") && qwen.Positive("head_dim") != config.HeadSize)
        {
            problems.Add(
                $"config.json: head_dim: {config.HeadSize} = hidden_size / num_attention_heads is expected");
        }

        return config;
    }

    private static SpeechLanguageModelConfig ReadLanguageModel(ModelKind kind, YamlConfig yaml, Qwen2Config backbone, List<string> problems)
    {
        var inputSize = yaml["llm"].Positive("llm_input_size");
        if (inputSize != backbone.HiddenSize)
        {
            problems.Add($"{yaml.File}: llm.llm_input_size: {inputSize}, but hidden_size in config.json is {backbone.HiddenSize}");
        }

        return new() { Kind = kind, Backbone = backbone, SpeechTokenCount = yaml["llm"].Positive("speech_token_size") };
    }

    private static SamplingRules ReadSampling(YamlSection sampling) => new()
    {
        TopP = sampling.Number("top_p", 0, 1),
        TopK = sampling.Positive("top_k"),
        WindowSize = sampling.Integer("win_size", 0),
        TauR = sampling.Number("tau_r", 0),
    };

    private static MixRatio ReadMixRatio(YamlConfig yaml, List<string> problems)
    {
        var ratio = yaml["llm"].PositiveList("mix_ratio");
        if (ratio is [var text, var speech])
        {
            return new(text, speech);
        }

        problems.Add($"{yaml.File}: llm.mix_ratio: two numbers are expected, not {ratio.Count}");
        return default;
    }

    private static FlowConfig ReadFlow(ModelKind kind, YamlSection flow) => new()
    {
        InputSize = flow.Positive("input_size"),
        VocabSize = flow.Positive("vocab_size"),
        SpeakerEmbeddingSize = flow.Positive("spk_embed_dim"),
        OutputSize = flow.Positive("output_size"),
        TokenMelRatio = flow.Positive("token_mel_ratio"),
        PreLookaheadLength = flow.Positive("pre_lookahead_len"),
        Encoder = kind == ModelKind.CosyVoice2 ? ReadFlowEncoder(flow["encoder"]) : null,
        Estimator = kind == ModelKind.CosyVoice2 ? ReadEstimator(flow["decoder"]["estimator"]) : null,
        Transformer = kind == ModelKind.CosyVoice3 ? ReadTransformer(flow["decoder"]["estimator"]) : null,
        LookaheadChannels = kind == ModelKind.CosyVoice3 ? flow["pre_lookahead_layer"].Positive("channels") : 0,
        GuidanceRate = (float)flow["decoder"]["cfm_params"]["content"].Number("inference_cfg_rate", 0),
    };

    private static FlowEncoderConfig ReadFlowEncoder(YamlSection encoder) => new()
    {
        OutputSize = encoder.Positive("output_size"),
        AttentionHeads = encoder.Positive("attention_heads"),
        LinearUnits = encoder.Positive("linear_units"),
        Blocks = encoder.Positive("num_blocks"),
        StaticChunkSize = encoder.IntegerOr("static_chunk_size", 1, ChunkTokens),
    };

    private static EstimatorConfig ReadEstimator(YamlSection estimator) => new()
    {
        InChannels = estimator.Positive("in_channels"),
        OutChannels = estimator.Positive("out_channels"),
        Channels = estimator.PositiveList("channels"),
        AttentionHeadDim = estimator.Positive("attention_head_dim"),
        Heads = estimator.Positive("num_heads"),
        Blocks = estimator.Positive("n_blocks"),
        MidBlocks = estimator.Positive("num_mid_blocks"),
        StaticChunkSize = estimator.IntegerOr("static_chunk_size", 1, ChunkFrames),
        LeftChunks = estimator.IntegerOr("num_decoding_left_chunks", AllChunks, AllChunks),
    };

    private static DiffusionTransformerConfig ReadTransformer(YamlSection estimator) => new()
    {
        Width = estimator.Positive("dim"),
        Depth = estimator.Positive("depth"),
        Heads = estimator.Positive("heads"),
        HeadSize = estimator.Positive("dim_head"),
        Widening = estimator.Positive("ff_mult"),
        MelBins = estimator.Positive("mel_dim"),
        StaticChunkSize = estimator.IntegerOr("static_chunk_size", 1, ChunkFrames),
        LeftChunks = estimator.IntegerOr("num_decoding_left_chunks", AllChunks, AllChunks),
    };

    private static HiftConfig ReadHift(ModelKind kind, YamlSection hift) => new()
    {
        InChannels = hift.Positive("in_channels"),
        BaseChannels = hift.Positive("base_channels"),
        NbHarmonics = hift.Integer("nb_harmonics", 0),
        SamplingRate = hift.Positive("sampling_rate"),
        NsfAlpha = (float)hift.Number("nsf_alpha", 0),
        NsfSigma = (float)hift.Number("nsf_sigma", 0),
        NsfVoicedThreshold = (float)hift.Number("nsf_voiced_threshold", 0),
        UpsampleRates = hift.PositiveList("upsample_rates"),
        UpsampleKernelSizes = hift.PositiveList("upsample_kernel_sizes"),
        IstftNFft = hift["istft_params"].Positive("n_fft"),
        IstftHopLen = hift["istft_params"].Positive("hop_len"),
        ResblockKernelSizes = hift.PositiveList("resblock_kernel_sizes"),
        ResblockDilationSizes = hift.PositiveLists("resblock_dilation_sizes"),
        SourceResblockKernelSizes = hift.PositiveList("source_resblock_kernel_sizes"),
        SourceResblockDilationSizes = hift.PositiveLists("source_resblock_dilation_sizes"),
        LreluSlope = (float)hift.Number("lrelu_slope", 0),
        AudioLimit = (float)hift.Number("audio_limit", 0),
        ConvPreLookRight = kind == ModelKind.CosyVoice3 ? hift.IntegerOr("conv_pre_look_right", 0, ConvPreLookRight) : null,
        F0CondChannels = hift["f0_predictor"].Positive("cond_channels"),
    };
}
