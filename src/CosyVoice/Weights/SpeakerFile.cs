using CosyVoice.Engine;

namespace CosyVoice.Weights;

/// <summary>
/// spk2info.pt: speaker id to a dictionary of tensors. A trained speaker has <c>embedding</c>; one saved from a recording has
/// <c>llm_embedding</c> and <c>flow_embedding</c> (equal; only the flow uses one), <c>prompt_text</c>,
/// <c>llm_prompt_speech_token</c>, <c>flow_prompt_speech_token</c> and <c>prompt_speech_feat</c>, each with its <c>_len</c>.
/// </summary>
public static class SpeakerFile
{
    /// <exception cref="CheckpointException">Unreadable, or the speakers are not as described: every problem at once.</exception>
    public static IReadOnlyDictionary<string, Speaker> Read(string path)
    {
        using var file = new TorchFile(path);
        return Read(file);
    }

    /// <param name="name">What errors call the file.</param>
    /// <param name="content">The whole file.</param>
    /// <exception cref="CheckpointException">As above.</exception>
    public static IReadOnlyDictionary<string, Speaker> Read(string name, ReadOnlySpan<byte> content)
    {
        using var file = new TorchFile(name, content);
        return Read(file);
    }

    /// <summary>
    /// The file that <see cref="Read(string)"/> reads, as the reference saves it: of a voice without a recording only its embedding.
    /// </summary>
    /// <param name="speakers">Each with an id of its own.</param>
    public static byte[] Write(IEnumerable<Speaker> speakers)
    {
        using var file = new MemoryStream();
        TorchFileWriter.Write(file, new OrderedDictionary<string, object>(speakers.Select(speaker => KeyValuePair.Create<string, object>(speaker.Id, Entry(speaker)))));
        return file.ToArray();
    }

    private static OrderedDictionary<string, object> Entry(Speaker speaker)
    {
        var embedding = new TensorToWrite([1, speaker.Embedding.Length], speaker.Embedding);
        if (speaker.FlowPromptTokens.Length == 0)
        {
            return new() { ["embedding"] = embedding };
        }

        var frames = speaker.PromptMel.Length / Speaker.MelBins;
        return new()
        {
            ["prompt_text"] = Row(speaker.PromptText),
            ["prompt_text_len"] = Length(speaker.PromptText.Length),
            ["llm_prompt_speech_token"] = Row(speaker.PromptSpeechTokens),
            ["llm_prompt_speech_token_len"] = Length(speaker.PromptSpeechTokens.Length),
            ["flow_prompt_speech_token"] = Row(speaker.FlowPromptTokens),
            ["flow_prompt_speech_token_len"] = Length(speaker.FlowPromptTokens.Length),
            ["prompt_speech_feat"] = new TensorToWrite([1, frames, Speaker.MelBins], speaker.PromptMel),
            ["prompt_speech_feat_len"] = Length(frames),
            ["llm_embedding"] = embedding,
            ["flow_embedding"] = embedding,
        };

        static TensorToWrite Row(int[] values) => new([1, values.Length], values);

        static TensorToWrite Length(int length) => new([1], [length]);
    }

    private static OrderedDictionary<string, Speaker> Read(TorchFile file)
    {
        var path = file.Path;
        if (file.Root is not PickledDict root)
        {
            throw new CheckpointException(path, ["a dictionary of speakers is expected"]);
        }

        var problems = new List<string>();
        var room = file.Length;
        var speakers = new OrderedDictionary<string, Speaker>(StringComparer.Ordinal);
        foreach (var (id, value) in root.Items)
        {
            if (value is PickledDict entry)
            {
                speakers.Add(id, new SpeakerEntry(id, entry, problems).ToSpeaker());
                room -= Elements(speakers[id]);
            }
            else
            {
                problems.Add($"{id}: a dictionary of tensors is expected");
            }

            // Many views of one storage would let a small file fill the memory.
            if (room < 0)
            {
                throw new CheckpointException(path, ["its speakers share their numbers and together have more than the file; save each with .clone()"]);
            }
        }

        return problems.Count == 0 ? speakers : throw new CheckpointException(path, problems);
    }
    private static long Elements(Speaker speaker) =>
        speaker.Embedding.Length + speaker.PromptText.Length + speaker.PromptSpeechTokens.Length + speaker.FlowPromptTokens.Length
        + (long)speaker.PromptMel.Length;
}
