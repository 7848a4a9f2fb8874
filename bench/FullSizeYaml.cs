namespace CosyVoice.Bench;

/// <summary>The yaml of a small model with the numbers of the published 0.5B model of its generation.</summary>
internal static class FullSizeYaml
{
    private static readonly (string From, string To)[] Second =
    [
        ("llm_input_size: 192", "llm_input_size: 896"), ("llm_output_size: 192", "llm_output_size: 896"),
        ("input_size: 128", "input_size: 512"), ("output_size: 128", "output_size: 512"),
        ("attention_heads: 4", "attention_heads: 8"), ("linear_units: 256", "linear_units: 2048"),
        ("num_blocks: 2", "num_blocks: 6"), ("channels: [128]", "channels: [256]"),
        ("attention_head_dim: 32", "attention_head_dim: 64"), ("n_blocks: 1", "n_blocks: 4"),
        ("num_mid_blocks: 4", "num_mid_blocks: 12"), ("num_heads: 4", "num_heads: 8"),
        ("base_channels: 128", "base_channels: 512"), ("cond_channels: 96", "cond_channels: 512"),
    ];

    private static readonly (string From, string To)[] Third =
    [
        ("llm_input_size: 24", "llm_input_size: 896"), ("llm_output_size: 24", "llm_output_size: 896"),
        (" channels: 96", " channels: 1024"), (" dim: 48", " dim: 1024"), ("depth: 2", "depth: 22"), ("heads: 3", "heads: 16"),
        ("dim_head: 16", "dim_head: 64"), ("base_channels: 24", "base_channels: 512"), ("cond_channels: 32", "cond_channels: 512"),
    ];

    /// <param name="generation">2 or 3.</param>
    /// <param name="yaml">That of models/default (2) or of the fixture model_v3 (3).</param>
    /// <exception cref="InvalidDataException">The small model is not the one whose numbers are known.</exception>
    public static string Of(int generation, string yaml)
    {
        foreach (var (from, to) in generation == 2 ? Second : Third)
        {
            yaml = yaml.Contains(from, StringComparison.Ordinal)
                ? yaml.Replace(from, to, StringComparison.Ordinal)
                : throw new InvalidDataException($"The yaml of the small model does not say '{from}'.");
        }

        return yaml;
    }
}
