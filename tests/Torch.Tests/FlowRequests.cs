using CosyVoice.Engine;
using CosyVoice.Models;

namespace CosyVoice.Torch.Tests;

/// <summary>Something for a flow to do.</summary>
internal static class FlowRequests
{
    /// <summary>Tokens that follow one another the same way for every count, so that a shorter request is the start of a longer one.</summary>
    public static FlowRequest Create(FlowConfig config, int tokens, int promptTokens = 0, bool streaming = false, bool finalize = true)
    {
        return new()
        {
            Embedding = Wave(config.SpeakerEmbeddingSize, 0.9f),
            PromptTokens = Ids(promptTokens, 17),
            PromptMel = Wave(promptTokens * config.TokenMelRatio * config.OutputSize, 0.37f),
            Tokens = Ids(tokens, 31),
            Streaming = streaming,
            Finalize = finalize,
        };

        int[] Ids(int count, int step) => [.. Enumerable.Range(1, count).Select(i => i * i * step % config.VocabSize)];

        static float[] Wave(int count, float rate) => [.. Enumerable.Range(0, count).Select(i => MathF.Sin(i * rate))];
    }
}
