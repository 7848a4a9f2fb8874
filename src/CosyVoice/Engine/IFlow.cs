using CosyVoice.Kernels;

namespace CosyVoice.Engine;

/// <summary>Speech tokens in, mel spectrogram out (25 tokens/s to 50 frames/s).</summary>
public interface IFlow : IDisposable
{
    /// <summary>Requests that one call takes, at least 1. More than one where a call costs about the same whoever shares it.</summary>
    int BatchSize { get; }

    /// <summary>Names the shape that a request is computed in: only requests of the same shape can share a call.</summary>
    /// <param name="tokens">Its speech tokens, those of the prompt included.</param>
    /// <param name="finalize">As <see cref="FlowRequest.Finalize"/>.</param>
    int ShapeOf(int tokens, bool finalize);

    /// <summary>For each request the mel frames of the tokens after the prompt: [frames, 80], log amplitude.</summary>
    /// <param name="requests">1 to <see cref="BatchSize"/>, all of one shape.</param>
    /// <param name="cancellationToken">Looked at between solver steps.</param>
    /// <remarks>
    /// frames = 2 * (tokens - (finalize ? 0 : look-ahead)). The caller owns the results. A request's result does not
    /// depend on what else is in the call.
    /// </remarks>
    IReadOnlyList<Tensor> Generate(IReadOnlyList<FlowRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>The same for one request.</summary>
    Tensor Generate(FlowRequest request, CancellationToken cancellationToken = default) => Generate([request], cancellationToken)[0];
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
