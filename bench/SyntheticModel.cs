using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CosyVoice.Weights;

namespace CosyVoice.Bench;

/// <summary>
/// A model folder of the full 0.5B sizes with made-up weights, the same on every machine: every tensor of
/// fixtures/full-size-shapes, uniform with the variance that keeps activations near one.
/// </summary>
internal static class SyntheticModel
{
    /// <summary>Writes the folder unless it is there already; 2.6 GB for CosyVoice 2, 3.5 GB for CosyVoice 3.</summary>
    /// <param name="generation">2 or 3.</param>
    public static void Ensure(string folder, string repository, int generation)
    {
        var complete = Path.Combine(folder, "complete");
        if (File.Exists(complete))
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(folder, "CosyVoice-BlankEN"));
        foreach (var part in new[] { "llm", "flow", "hift" })
        {
            Console.Error.WriteLine($"writing {part}.pt ...");
            using var shapes = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(repository, $"tests/fixtures/full-size-shapes/cosyvoice{generation}.{part}.json")));
            TorchFileWriter.Write(Path.Combine(folder, $"{part}.pt"), Tensors(shapes.RootElement.GetProperty("tensors")));
        }

        var voice = new TensorToWrite([1, 192], Values(192, 7, 1));
        TorchFileWriter.Write(
            Path.Combine(folder, "spk2info.pt"),
            new Dictionary<string, object> { ["bench"] = new Dictionary<string, object> { ["embedding"] = voice } });
        Configuration(folder, repository, generation);
        File.WriteAllText(complete, "");
    }

    private static Dictionary<string, object> Tensors(JsonElement shapes)
    {
        var tensors = new Dictionary<string, object>();
        foreach (var entry in shapes.EnumerateObject())
        {
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            // The text head is the text embedding itself in the real file: one storage under two names.
            tensors[entry.Name] = entry.Name == "llm.model.lm_head.weight"
                ? tensors["llm.model.model.embed_tokens.weight"]
                : Tensor(entry.Name, shape, tensors.Count);
        }

        return tensors;
    }

    private static TensorToWrite Tensor(string name, int[] shape, int index)
    {
        var count = shape.Aggregate(1, (product, size) => product * size);
        var isGain = shape.Length == 1 || name.EndsWith("original0", StringComparison.Ordinal);
        var fanIn = shape.Skip(1).Aggregate(1, (product, size) => product * size);
        return new TensorToWrite(ElementType.Float32, shape, stream =>
        {
            var values = isGain ? Gains(name, count) : Values(count, index, MathF.Sqrt(3f / Math.Max(1, fanIn)));
            stream.Write(MemoryMarshal.AsBytes<float>(values));
        });
    }

    private static float[] Gains(string name, int count)
    {
        var values = new float[count];
        values.AsSpan().Fill(name.EndsWith("bias", StringComparison.Ordinal) ? 0 : 1);
        return values;
    }

    private static float[] Values(int count, int stream, float range)
    {
        var values = new float[count];
        var state = ((ulong)stream + 1) * 0x9E3779B97F4A7C15;
        for (var i = 0; i < count; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            values[i] = (((state >> 40) * (2f / (1 << 24))) - 1) * range;
        }

        return values;
    }

    /// <summary>A small model's yaml, configuration and vocabulary, with the numbers of the 0.5B model.</summary>
    private static void Configuration(string folder, string repository, int generation)
    {
        var small = Path.Combine(repository, generation == 2 ? "models/default" : "tests/fixtures/model_v3/model");
        var name = $"cosyvoice{generation}.yaml";
        File.WriteAllText(Path.Combine(folder, name), FullSizeYaml.Of(generation, File.ReadAllText(Path.Combine(small, name))));
        var tokenizer = Path.Combine(small, "CosyVoice-BlankEN");
        foreach (var file in new[] { "vocab.json", "merges.txt", "tokenizer_config.json" })
        {
            File.Copy(Path.Combine(tokenizer, file), Path.Combine(folder, "CosyVoice-BlankEN", file), overwrite: true);
        }

        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(tokenizer, "config.json")))!;
        (config["hidden_size"], config["intermediate_size"], config["vocab_size"]) = (896, 4864, 151936);
        (config["num_hidden_layers"], config["num_attention_heads"], config["num_key_value_heads"]) = (24, 14, 2);
        File.WriteAllText(Path.Combine(folder, "CosyVoice-BlankEN/config.json"), config.ToJsonString());
    }
}
