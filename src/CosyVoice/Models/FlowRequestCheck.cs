using CosyVoice.Engine;

namespace CosyVoice.Models;

/// <summary>Refuses what the flow cannot turn into at least one frame, before anything is computed.</summary>
internal static class FlowRequestCheck
{
    /// <param name="maxFrames">Frames of noise.</param>
    public static void Check(FlowRequest request, FlowConfig config, int maxFrames)
    {
        if (request.Embedding.Length != config.SpeakerEmbeddingSize)
        {
            throw new ArgumentException(
                $"The speaker embedding has {request.Embedding.Length} values; this model takes {config.SpeakerEmbeddingSize}. Use a voice made for this model.");
        }

        foreach (var tokens in (ReadOnlyMemory<int>[])[request.PromptTokens, request.Tokens])
        {
            if (tokens.Span.ContainsAnyInRange(config.VocabSize, int.MaxValue))
            {
                var id = tokens.Span[tokens.Span.IndexOfAnyInRange(config.VocabSize, int.MaxValue)];
                throw new ArgumentException($"{id} is no speech token; ids go from 0 to {config.VocabSize - 1}. Remove special ids first.");
            }
        }

        if (request.PromptMel.Length % config.OutputSize != 0)
        {
            throw new ArgumentException($"{request.PromptMel.Length} values of prompt mel are not whole frames of {config.OutputSize} bins.");
        }

        var lookahead = request.Finalize ? 0 : config.PreLookaheadLength;
        if (request.Tokens.Length <= lookahead)
        {
            throw new ArgumentException(
                $"{request.Tokens.Length} tokens yield no frames: at least {lookahead + 1} are needed{(request.Finalize ? "" : " while more may follow")}.");
        }

        var frames = (long)config.TokenMelRatio * (request.PromptTokens.Length + request.Tokens.Length - lookahead);
        var given = request.PromptMel.Length / config.OutputSize;
        if (given >= frames)
        {
            throw new ArgumentException(
                $"The prompt mel has {given} frames but all tokens make only {frames}; cut it to {config.TokenMelRatio} frames per prompt token.");
        }

        if (frames > maxFrames)
        {
            throw new ArgumentException(
                $"{frames} frames, prompt included, are longer than the limit of {maxFrames}; split the text or shorten the reference recording.");
        }
    }
}
