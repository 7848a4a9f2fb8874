using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>Speech tokens in, mel spectrogram out (25 tokens/s to 50 frames/s).</summary>
public interface IFlow : IDisposable
{
    /// <summary>Mel frames for the tokens after the prompt: [frames, 80], log amplitude.</summary>
    /// <remarks>
    /// frames = 2 * (tokens - (finalize ? 0 : look-ahead)). The caller owns the result. A row's result does not
    /// depend on what else runs. Cancellation is looked at between solver steps.
    /// </remarks>
    Tensor Generate(FlowRequest request, CancellationToken cancellationToken = default);
}

/// <summary>What one call of the flow needs.</summary>
public sealed record FlowRequest
{
    /// <summary>Speaker embedding, [192].</summary>
    public required ReadOnlyMemory<float> Embedding { get; init; }

    /// <summary>Speech tokens of the reference recording; may be empty.</summary>
    public ReadOnlyMemory<int> PromptTokens { get; init; }

    /// <summary>Mel of the reference recording, [frames * 80], time-major; may be empty.</summary>
    public ReadOnlyMemory<float> PromptMel { get; init; }

    /// <summary>Speech tokens from the start of the utterance, look-ahead included; at least one.</summary>
    public required ReadOnlyMemory<int> Tokens { get; init; }

    /// <summary>True: chunk-masked attention, so that frames do not change when more tokens follow.</summary>
    public bool Streaming { get; init; }

    /// <summary>False: the last tokens are look-ahead only and yield no frames.</summary>
    public bool Finalize { get; init; }
}
