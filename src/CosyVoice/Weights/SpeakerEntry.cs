using CosyVoice.Engine;

namespace CosyVoice.Weights;

/// <summary>One speaker of a file, field by field; what is wrong is added to the problems, and the field is then empty.</summary>
internal sealed class SpeakerEntry(string id, PickledDict entry, List<string> problems)
{
    private const int MaxElements = 10_000_000;

    public Speaker ToSpeaker() => new()
    {
        Id = id,
        Embedding = Embedding(),
        PromptText = Tokens("prompt_text"),
        PromptSpeechTokens = Tokens("llm_prompt_speech_token"),
        FlowPromptTokens = Tokens("flow_prompt_speech_token"),
        PromptMel = Mel("prompt_speech_feat"),
    };

    private float[] Embedding()
    {
        var name = Has("flow_embedding") ? "flow_embedding" : "embedding";
        if (!Has(name))
        {
            problems.Add($"{id}: neither embedding nor flow_embedding is there");
            return [];
        }

        return Tensor(name) is { } tensor
            && HasShape(tensor, name, $"[1, {Speaker.EmbeddingSize}]", OneRow(tensor.Shape) is [Speaker.EmbeddingSize])
            ? Floats(tensor, name)
            : [];
    }

    private int[] Tokens(string name)
    {
        if (!Has(name) || Tensor(name) is not { } tensor || !HasShape(tensor, name, "[1, tokens]", OneRow(tensor.Shape).Length == 1))
        {
            return [];
        }

        var tokens = Integers(tensor, name);
        CheckLength(name, tokens.Length);
        if (tokens.Any(token => token < 0))
        {
            problems.Add($"{id}: {name} holds {tokens.Min()}; ids begin at 0");
        }

        return tokens;
    }

    private float[] Mel(string name)
    {
        if (!Has(name)
            || Tensor(name) is not { } tensor
            || !HasShape(tensor, name, $"[1, frames, {Speaker.MelBins}]", OneRow(tensor.Shape) is [_, Speaker.MelBins]))
        {
            return [];
        }

        CheckLength(name, tensor.Count / Speaker.MelBins);
        return Floats(tensor, name);
    }

    /// <summary>The stored length, where there is one, must be that of the tensor: one speaker is not padded.</summary>
    private void CheckLength(string name, long length)
    {
        var lengthName = $"{name}_len";
        if (!Has(lengthName) || Tensor(lengthName) is not { } tensor)
        {
            return;
        }

        var stored = Integers(tensor, lengthName);
        if (!stored.SequenceEqual([(int)length]))
        {
            problems.Add($"{id}: {lengthName} is [{string.Join(", ", stored)}], and {name} has {length}");
        }
    }

    private bool Has(string name) => entry.Items.ContainsKey(name);

    private StoredTensor? Tensor(string name)
    {
        if (entry.Items[name] is StoredTensor { Count: <= MaxElements } tensor)
        {
            return tensor;
        }

        problems.Add($"{id}: {name} is not a tensor of at most {MaxElements} elements");
        return null;
    }

    private bool HasShape(StoredTensor tensor, string name, string expected, bool holds)
    {
        if (!holds)
        {
            problems.Add($"{id}: {name} has shape [{string.Join(", ", tensor.Shape)}], expected {expected}");
        }

        return holds;
    }

    private float[] Floats(StoredTensor tensor, string name)
    {
        if (tensor.Type is not (ElementType.Float32 or ElementType.Float16 or ElementType.BFloat16 or ElementType.Float64))
        {
            problems.Add($"{id}: {name} is stored as {tensor.Type}, not as real numbers");
            return [];
        }

        var values = tensor.ToFloats();
        if (!values.All(float.IsFinite))
        {
            problems.Add($"{id}: {name} holds numbers that are not finite");
        }

        return values;
    }

    private int[] Integers(StoredTensor tensor, string name)
    {
        try
        {
            return tensor.ToInts();
        }
        catch (Exception error) when (error is InvalidDataException or OverflowException)
        {
            problems.Add($"{id}: {name} is stored as {tensor.Type} and cannot be read as 32-bit integers");
            return [];
        }
    }

    /// <summary>The shape without its batch axis of 1.</summary>
    private static int[] OneRow(IReadOnlyList<int> shape) => [.. shape is [1, _, ..] ? shape.Skip(1) : shape];
}
