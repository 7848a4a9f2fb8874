namespace CosyVoice.Weights;

/// <summary>Another checkpoint under shorter names.</summary>
internal sealed class UnprefixedCheckpoint : Checkpoint
{
    private readonly Checkpoint _inner;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    public UnprefixedCheckpoint(Checkpoint inner, string prefix)
        : base(inner.Path)
    {
        _inner = inner;
        var doubled = new List<string>();
        foreach (var (name, tensor) in inner.Tensors)
        {
            var shorter = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
            if (!_tensors.TryAdd(shorter, tensor.Named(shorter)))
            {
                doubled.Add($"both {shorter} and {prefix}{shorter}");
            }
        }

        if (doubled.Count > 0)
        {
            throw new CheckpointException(Path, doubled);
        }
    }

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    public override void Dispose() => _inner.Dispose();
}
