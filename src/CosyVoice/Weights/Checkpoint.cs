namespace CosyVoice.Weights;

/// <summary>A file of named tensors, memory-mapped; dispose it only when nothing uses its tensors any more.</summary>
public abstract class Checkpoint : IDisposable
{
    protected Checkpoint(string path) => Path = path;

    public string Path { get; }

    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>Opens a <c>.pt</c> (torch zip archive) or <c>.safetensors</c> file.</summary>
    /// <exception cref="CheckpointException">The file is truncated, foreign, or holds anything but tensors and plain containers.</exception>
    public static Checkpoint Open(string path) => System.IO.Path.GetExtension(path) switch
    {
        ".safetensors" => new SafetensorsFile(path),
        var other => throw new CheckpointException(path, [$"unknown extension '{other}'; expected .pt or .safetensors"]),
    };

    public abstract void Dispose();
}
