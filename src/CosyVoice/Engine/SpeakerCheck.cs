namespace CosyVoice.Engine;

/// <summary>Whether a voice from outside fits a model; its own voices came with it and fit.</summary>
internal static class SpeakerCheck
{
    /// <param name="framesPerToken">Mel frames of a speech token.</param>
    /// <returns>What is wrong, as the end of a sentence; null: nothing.</returns>
    public static string? Problem(Speaker speaker, ILanguageModel model, int framesPerToken)
    {
        if (speaker.Embedding.Length != Speaker.EmbeddingSize || !speaker.Embedding.All(float.IsFinite))
        {
            return $"its embedding must be {Speaker.EmbeddingSize} finite numbers";
        }

        if (speaker.PromptMel.Length % Speaker.MelBins != 0 || !speaker.PromptMel.All(float.IsFinite))
        {
            return $"its prompt mel must be whole frames of {Speaker.MelBins} finite numbers";
        }

        var (frames, most) = (speaker.PromptMel.Length / Speaker.MelBins, (long)framesPerToken * speaker.FlowPromptTokens.Length);
        return frames > most
            ? $"its prompt mel has {frames} frames and its flow prompt tokens make only {most}"
            : Outside("prompt text id", speaker.PromptText, model.TextTokenCount)
                ?? Outside("prompt speech token", speaker.PromptSpeechTokens, model.SpeechTokenCount)
                ?? Outside("flow prompt token", speaker.FlowPromptTokens, model.SpeechTokenCount);
    }

    private static string? Outside(string what, int[] ids, int count)
    {
        var first = Array.FindIndex(ids, id => (uint)id >= (uint)count);
        return first < 0 ? null : $"it has {what} {ids[first]}, outside 0 to {count - 1}";
    }
}
