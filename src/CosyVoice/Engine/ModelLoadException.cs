namespace CosyVoice.Engine;

/// <summary>A folder that cannot be loaded as a model, with every reason found.</summary>
public sealed class ModelLoadException(string directory, IReadOnlyList<string> problems, Exception? inner = null)
    : Exception($"{directory} cannot be loaded as a model: {string.Join("; ", problems)}", inner)
{
    public string Directory { get; } = directory;

    public IReadOnlyList<string> Problems { get; } = problems;
}
