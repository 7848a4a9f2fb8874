using CosyVoice.Engine;

namespace CosyVoice.Weights;

/// <summary>
/// One speaker as a safetensors file, with the names of spk2info.pt: <c>embedding</c> [192], and where it was made from a
/// recording <c>prompt_text</c> [n], <c>llm_prompt_speech_token</c> [n], <c>flow_prompt_speech_token</c> [n] and
/// <c>prompt_speech_feat</c> [frames, 80]. Empty fields are left out. The same speaker with the same metadata is the same bytes.
/// </summary>
public static class SpeakerTensors
{
    public static byte[] Write(Speaker speaker) => Write(speaker, []);

    /// <param name="speaker">Its id is not written.</param>
    /// <param name="metadata">Texts that travel with it; other programs pass over them.</param>
    public static byte[] Write(Speaker speaker, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        var file = new SafetensorsWriter { Metadata = metadata };
        file.Add("embedding", speaker.Embedding, speaker.Embedding.Length);
        AddTokens(file, "prompt_text", speaker.PromptText);
        AddTokens(file, "llm_prompt_speech_token", speaker.PromptSpeechTokens);
        AddTokens(file, "flow_prompt_speech_token", speaker.FlowPromptTokens);
        if (speaker.PromptMel.Length > 0)
        {
            file.Add("prompt_speech_feat", speaker.PromptMel, speaker.PromptMel.Length / Speaker.MelBins, Speaker.MelBins);
        }

        return file.ToBytes();
    }

    /// <param name="id">The speaker's; it is not in the file.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="CheckpointException">The content is not as described: every problem at once.</exception>
    public static Speaker Read(string id, ReadOnlySpan<byte> content) => Read(id, content, out _);

    /// <param name="id">The speaker's; it is not in the file.</param>
    /// <param name="content">The whole file.</param>
    /// <param name="metadata">The texts that travel with it.</param>
    /// <exception cref="CheckpointException">As above.</exception>
    public static Speaker Read(string id, ReadOnlySpan<byte> content, out IReadOnlyDictionary<string, string> metadata)
    {
        using var file = new SafetensorsFile(id, content);
        metadata = file.Metadata;
        var entry = new PickledDict();
        foreach (var (name, tensor) in file.Tensors)
        {
            entry.Set(name, tensor);
        }

        var problems = new List<string>();
        var speaker = new SpeakerEntry(id, entry, problems).ToSpeaker();
        return problems.Count == 0 ? speaker : throw new CheckpointException(id, problems);
    }

    private static void AddTokens(SafetensorsWriter file, string name, int[] tokens)
    {
        if (tokens.Length > 0)
        {
            file.Add(name, tokens, tokens.Length);
        }
    }
}
