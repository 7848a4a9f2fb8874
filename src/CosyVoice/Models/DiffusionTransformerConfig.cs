namespace CosyVoice.Models;

/// <summary>The diffusion transformer of CosyVoice 3 (<c>flow.decoder.estimator</c>).</summary>
public sealed record DiffusionTransformerConfig
{
    /// <summary>Width of the state (<c>dim</c>); a multiple of 16.</summary>
    public required int Width { get; init; }

    /// <summary>Blocks (<c>depth</c>).</summary>
    public required int Depth { get; init; }

    /// <summary><c>heads</c>.</summary>
    public required int Heads { get; init; }

    /// <summary><c>dim_head</c>; even.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Hidden width of the feed-forward layers over <see cref="Width"/> (<c>ff_mult</c>).</summary>
    public required int Widening { get; init; }

    /// <summary>Mel bins (<c>mel_dim</c>).</summary>
    public int MelBins { get; init; } = 80;

    /// <summary>Frames per attention chunk when streaming (<c>static_chunk_size</c>).</summary>
    public int StaticChunkSize { get; init; } = 50;

    /// <summary>Chunks visible to the left when streaming (<c>num_decoding_left_chunks</c>); only -1, all, is supported.</summary>
    public int LeftChunks { get; init; } = -1;

    internal int AttentionWidth => Heads * HeadSize;

    internal int HiddenWidth => Widening * Width;

    internal IEnumerable<(bool Wrong, string Problem)> Checks(FlowConfig flow)
    {
        yield return (Width < 1 || Width % 16 != 0, $"estimator: dim {Width} must be a multiple of 16");
        yield return (Depth < 1, $"estimator: depth {Depth} must be positive");
        yield return (Heads < 1 || HeadSize < 2 || HeadSize % 2 != 0, $"estimator: heads {Heads} must be positive and dim_head {HeadSize} even");
        yield return (Widening < 1, $"estimator: ff_mult {Widening} must be positive");
        yield return (MelBins != flow.OutputSize, $"estimator: mel_dim {MelBins} must be output_size {flow.OutputSize}");
        yield return (flow.InputSize != flow.OutputSize, $"input_size {flow.InputSize} must be output_size {flow.OutputSize}");
        yield return (flow.LookaheadChannels < 1, $"pre_lookahead_layer: channels {flow.LookaheadChannels} must be positive");
        yield return (
            StaticChunkSize < 1 || StaticChunkSize % Math.Max(1, flow.TokenMelRatio) != 0,
            $"estimator: static_chunk_size {StaticChunkSize} must be a multiple of token_mel_ratio {flow.TokenMelRatio}");
        yield return (LeftChunks != -1, $"estimator: num_decoding_left_chunks {LeftChunks}: only -1 is supported");
    }
}
