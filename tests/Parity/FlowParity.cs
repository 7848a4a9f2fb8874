using System.Text.Json;
using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Parity;

/// <summary>The flows of CosyVoice 2 and 3: encoder stages, the first call of the estimator from within, the solver's way, the mel.</summary>
public static class FlowParity
{
    public static void Run(Fixture fixture, IStageBackend backend, ParityReport report)
    {
        using var weights = fixture.Open("weights.safetensors");
        using var flow = (ITracedFlow)backend.LoadFlow(weights, ReadConfig(fixture.Config), ReadNoise(fixture));
        foreach (var one in fixture.Cases())
        {
            try
            {
                var recording = new FlowRecording();
                using var mel = flow.Generate(ReadRequest(one), recording.Record, default);
                recording.Compare(one, mel, report);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                report.Error(one.Name, error);
            }
        }
    }

    /// <summary>The sizes of a folder's config.json.</summary>
    public static FlowConfig ReadConfig(JsonElement config)
    {
        var estimator = config.GetProperty("estimator");
        var common = new FlowConfig
        {
            InputSize = Int(config, "input_size"),
            VocabSize = Int(config, "vocab_size"),
            SpeakerEmbeddingSize = Int(config, "spk_embed_dim"),
            OutputSize = Int(estimator, "out_channels"),
            TokenMelRatio = Int(config, "token_mel_ratio"),
            PreLookaheadLength = Int(config, "pre_lookahead_len"),
            GuidanceRate = config.GetProperty("cfm").GetProperty("inference_cfg_rate").GetSingle(),
            Steps = Int(config, "n_timesteps"),
        };
        return config.GetProperty("kind").GetString() == "v3" ? Third(common, config, estimator) : Second(common, config.GetProperty("encoder"), estimator);
    }

    private static FlowConfig Second(FlowConfig common, JsonElement encoder, JsonElement estimator) =>
        common with
        {
            Encoder = new FlowEncoderConfig
            {
                OutputSize = Int(encoder, "output_size"),
                AttentionHeads = Int(encoder, "attention_heads"),
                LinearUnits = Int(encoder, "linear_units"),
                Blocks = Int(encoder, "num_blocks"),
                StaticChunkSize = Int(encoder, "static_chunk_size"),
            },
            Estimator = new EstimatorConfig
            {
                InChannels = Int(estimator, "in_channels"),
                OutChannels = Int(estimator, "out_channels"),
                Channels = [.. estimator.GetProperty("channels").EnumerateArray().Select(size => size.GetInt32())],
                AttentionHeadDim = Int(estimator, "attention_head_dim"),
                Heads = Int(estimator, "num_heads"),
                Blocks = Int(estimator, "n_blocks"),
                MidBlocks = Int(estimator, "num_mid_blocks"),
                StaticChunkSize = Int(estimator, "static_chunk_size"),
                LeftChunks = Int(estimator, "num_decoding_left_chunks"),
            },
        };

    private static FlowConfig Third(FlowConfig common, JsonElement config, JsonElement estimator) =>
        common with
        {
            LookaheadChannels = Int(config, "pre_lookahead_channels"),
            Transformer = new DiffusionTransformerConfig
            {
                Width = Int(estimator, "dim"),
                Depth = Int(estimator, "depth"),
                Heads = Int(estimator, "heads"),
                HeadSize = Int(estimator, "dim_head"),
                Widening = Int(estimator, "ff_mult"),
                MelBins = Int(estimator, "mel_dim"),
                StaticChunkSize = Int(estimator, "static_chunk_size"),
                LeftChunks = Int(estimator, "num_decoding_left_chunks"),
            },
        };

    private static int Int(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    /// <summary>The frames of noise that the folder holds.</summary>
    public static FlowNoise ReadNoise(Fixture fixture)
    {
        using var file = fixture.Open("noise.safetensors");
        var noise = file.Tensors["rand_noise"]; // [1, channels, frames]
        return new FlowNoise(noise.ToFloats(), noise.Shape[1]);
    }

    public static FlowRequest ReadRequest(FixtureCase one) => new()
    {
        Embedding = one.Floats("in.embedding"),
        PromptTokens = one.IntsOrEmpty("in.prompt_token"),
        PromptMel = one.FloatsOrEmpty("in.prompt_feat"),
        Tokens = one.Ints("in.token"),
        Streaming = one.Flag("streaming"),
        Finalize = one.Flag("finalize"),
    };
}
