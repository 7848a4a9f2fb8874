namespace CosyVoice.Weights;

/// <summary>A file of named tensors, memory-mapped; dispose it only when nothing uses its tensors any more.</summary>
public abstract class Checkpoint : IDisposable
{
    protected Checkpoint(string path) => Path = path;

    public string Path { get; }

    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a <c>.pt</c> (torch zip archive) or <c>.safetensors</c> file.</summary>
    /// <exception cref="CheckpointException">Truncated, foreign, or more than tensors and plain containers.</exception>
    public static Checkpoint Open(string path) => System.IO.Path.GetExtension(path) switch
    {
        ".pt" => new TorchFile(path),
        ".safetensors" => new SafetensorsFile(path),
        var other => throw new CheckpointException(path, [$"unknown extension '{other}'; expected .pt or .safetensors"]),
    };

    /// <summary>
    /// This checkpoint with <paramref name="prefix"/> taken from every name that starts with it (adversarial training saves
    /// the vocoder as <c>generator.*</c>). Both show the same memory; disposing either disposes it.
    /// </summary>
    public Checkpoint WithoutPrefix(string prefix) =>
        Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal)) ? new UnprefixedCheckpoint(this, prefix) : this;

    public abstract void Dispose();
}
