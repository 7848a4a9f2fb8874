namespace CosyVoice.Models;

/// <summary>
/// Sizes and constants of the flow (speech tokens to mel), as the model's yaml states them under <c>flow:</c>.
/// </summary>
public sealed record FlowConfig
{
    /// <summary>Width of the token embedding (<c>input_size</c>).</summary>
    public required int InputSize { get; init; }

    /// <summary>Speech codebook size (<c>vocab_size</c>).</summary>
    public required int VocabSize { get; init; }

    /// <summary>Width of the speaker embedding given (<c>spk_embed_dim</c>).</summary>
    public int SpeakerEmbeddingSize { get; init; } = 192;

    /// <summary>Mel bins (<c>output_size</c>); the speaker embedding is projected to as many.</summary>
    public int OutputSize { get; init; } = 80;

    /// <summary>Mel frames per speech token (<c>token_mel_ratio</c>).</summary>
    public int TokenMelRatio { get; init; } = 2;

    /// <summary>Tokens that the encoder sees ahead of the one it encodes (<c>pre_lookahead_len</c>).</summary>
    public int PreLookaheadLength { get; init; } = 3;

    /// <summary>The encoder of CosyVoice 2; null in CosyVoice 3, which has none.</summary>
    public FlowEncoderConfig? Encoder { get; init; }

    /// <summary>The U-Net of CosyVoice 2; null in CosyVoice 3.</summary>
    public EstimatorConfig? Estimator { get; init; }

    /// <summary>The estimator of CosyVoice 3; null in CosyVoice 2.</summary>
    public DiffusionTransformerConfig? Transformer { get; init; }

    /// <summary>Width within CosyVoice 3's look-ahead layer (<c>pre_lookahead_layer.channels</c>).</summary>
    public int LookaheadChannels { get; init; }

    /// <summary>Tokens per attention chunk when streaming.</summary>
    public int ChunkTokens => Encoder?.StaticChunkSize ?? ((Transformer?.StaticChunkSize ?? 0) / TokenMelRatio);

    /// <summary>Weight of classifier-free guidance (<c>cfm_params.inference_cfg_rate</c>).</summary>
    public float GuidanceRate { get; init; } = 0.7f;

    /// <summary>Euler steps from noise to mel.</summary>
    public int Steps { get; init; } = 10;

    /// <exception cref="ArgumentException">Sizes that do not fit together; names all of them.</exception>
    public void Validate()
    {
        (bool Wrong, string Problem)[] checks =
        [
            (InputSize < 1 || VocabSize < 1 || SpeakerEmbeddingSize < 1 || OutputSize < 1,
                $"input_size {InputSize}, vocab_size {VocabSize}, spk_embed_dim {SpeakerEmbeddingSize} and output_size {OutputSize} must be positive"),
            (TokenMelRatio < 1, $"token_mel_ratio {TokenMelRatio} must be positive"),
            (PreLookaheadLength < 0, $"pre_lookahead_len {PreLookaheadLength} must not be negative"),
            (Steps < 1, $"{Steps} solver steps: at least 1 is needed"),
            (Transformer is null ? Encoder is null || Estimator is null : Encoder is not null || Estimator is not null,
                "either an encoder and a U-Net or a transformer is needed"),
            .. Encoder is null ? [] : Checks(Encoder),
            .. Estimator is null ? [] : Checks(Estimator),
            .. Transformer is null ? [] : Transformer.Checks(this),
        ];
        if (checks.Any(check => check.Wrong))
        {
            throw new ArgumentException("The flow's configuration: " + string.Join("; ", checks.Where(check => check.Wrong).Select(check => check.Problem)));
        }
    }

    private static (bool Wrong, string Problem)[] Checks(FlowEncoderConfig encoder) =>
    [
        (encoder.AttentionHeads < 1 || encoder.OutputSize < 1 || encoder.OutputSize % Math.Max(1, encoder.AttentionHeads) != 0,
            $"encoder: attention_heads {encoder.AttentionHeads} must divide output_size {encoder.OutputSize}"),
        (encoder.LinearUnits < 1, $"encoder: linear_units {encoder.LinearUnits} must be positive"),
        (encoder.Blocks < 0, $"encoder: num_blocks {encoder.Blocks} must not be negative"),
        (encoder.StaticChunkSize < 1, $"encoder: static_chunk_size {encoder.StaticChunkSize} must be positive"),
    ];

    private (bool Wrong, string Problem)[] Checks(EstimatorConfig estimator) =>
    [
        (estimator.InChannels != 4 * OutputSize || estimator.OutChannels != OutputSize,
            $"estimator: in_channels {estimator.InChannels} and out_channels {estimator.OutChannels} must be {4 * OutputSize} and {OutputSize}"),
        (estimator.Channels.Count != 1 || estimator.Channels[0] < 1,
            $"estimator: channels [{string.Join(", ", estimator.Channels)}] must be one positive number"),
        (estimator.Heads < 1 || estimator.AttentionHeadDim < 1,
            $"estimator: num_heads {estimator.Heads} and attention_head_dim {estimator.AttentionHeadDim} must be positive"),
        (estimator.Blocks < 0 || estimator.MidBlocks < 0,
            $"estimator: n_blocks {estimator.Blocks} and num_mid_blocks {estimator.MidBlocks} must not be negative"),
        (estimator.StaticChunkSize < 1, $"estimator: static_chunk_size {estimator.StaticChunkSize} must be positive"),
        (estimator.LeftChunks != -1, $"estimator: num_decoding_left_chunks {estimator.LeftChunks}: only -1 is supported"),
    ];
}

/// <summary>The conformer that turns tokens into a first, blurred mel (<c>flow.encoder</c>).</summary>
public sealed record FlowEncoderConfig
{
    /// <summary>Width (<c>output_size</c>).</summary>
    public required int OutputSize { get; init; }

    /// <summary><c>attention_heads</c>; must divide <see cref="OutputSize"/>.</summary>
    public required int AttentionHeads { get; init; }

    /// <summary>Hidden width of the feed-forward layers (<c>linear_units</c>).</summary>
    public required int LinearUnits { get; init; }

    /// <summary>Layers before upsampling (<c>num_blocks</c>); there are always four after it.</summary>
    public required int Blocks { get; init; }

    /// <summary>Tokens per attention chunk when streaming (<c>static_chunk_size</c>).</summary>
    public int StaticChunkSize { get; init; } = 25;
}

/// <summary>The U-Net that estimates the direction from noise to mel (<c>flow.decoder.estimator</c>).</summary>
public sealed record EstimatorConfig
{
    /// <summary>x, mu, speaker and condition side by side (<c>in_channels</c>): four times the mel bins.</summary>
    public int InChannels { get; init; } = 320;

    /// <summary>Mel bins (<c>out_channels</c>).</summary>
    public int OutChannels { get; init; } = 80;

    /// <summary>Width of every level (<c>channels</c>); CosyVoice 2 has one.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary><c>attention_head_dim</c>.</summary>
    public required int AttentionHeadDim { get; init; }

    /// <summary><c>num_heads</c>.</summary>
    public required int Heads { get; init; }

    /// <summary>Transformer blocks after every resnet (<c>n_blocks</c>).</summary>
    public required int Blocks { get; init; }

    /// <summary><c>num_mid_blocks</c>.</summary>
    public required int MidBlocks { get; init; }

    /// <summary>Frames per attention chunk when streaming (<c>static_chunk_size</c>).</summary>
    public int StaticChunkSize { get; init; } = 50;

    /// <summary>Chunks visible to the left when streaming (<c>num_decoding_left_chunks</c>); only -1, all, is supported.</summary>
    public int LeftChunks { get; init; } = -1;
}
