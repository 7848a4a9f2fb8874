namespace CosyVoice.Weights;

/// <summary>
/// A place in a checkpoint's tree of names. A layer descends it as its code does, <c>w["self_attn"]["q_proj"]</c>,
/// and asks for each tensor by name and shape. What is wrong is collected, not thrown: the loader calls
/// <see cref="ThrowIfIncomplete"/> once, which names everything missing, of another shape, or left over.
/// </summary>
public sealed class WeightScope
{
    private readonly Checkpoint _checkpoint;
    private readonly string _prefix;
    private readonly Ledger _ledger;

    public WeightScope(Checkpoint checkpoint)
        : this(checkpoint, "", new Ledger())
    {
    }

    private WeightScope(Checkpoint checkpoint, string prefix, Ledger ledger)
    {
        _checkpoint = checkpoint;
        _prefix = prefix;
        _ledger = ledger;
    }

    /// <summary>Builds what reads a whole checkpoint.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, or left over.</exception>
    public static T ReadAll<T>(Checkpoint checkpoint, Func<WeightScope, T> create)
        where T : IDisposable
    {
        var w = new WeightScope(checkpoint);
        var read = create(w);
        try
        {
            w.ThrowIfIncomplete();
            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    /// <summary>The scope one name (or dotted path) deeper.</summary>
    public WeightScope this[string name] => new(_checkpoint, $"{_prefix}{name}.", _ledger);

    public WeightScope this[int index] => new(_checkpoint, $"{_prefix}{index}.", _ledger);

    /// <summary>Whether a tensor of this name exists. For names that come in two forms; counts as no use of it.</summary>
    public bool Has(string name) => _checkpoint.Tensors.ContainsKey(_prefix + name);

    /// <summary>The tensor of this name and shape. When it is missing or of another shape, a placeholder of the asked shape.</summary>
    public StoredTensor Get(string name, params int[] shape)
    {
        var fullName = _prefix + name;
        _ledger.Used.Add(fullName);
        if (!_checkpoint.Tensors.TryGetValue(fullName, out var tensor))
        {
            _ledger.Problems.Add($"missing {fullName} [{string.Join(", ", shape)}]");
        }
        else if (!tensor.Shape.SequenceEqual(shape))
        {
            _ledger.Problems.Add($"{fullName} has shape [{string.Join(", ", tensor.Shape)}], expected [{string.Join(", ", shape)}]");
        }
        else
        {
            return tensor;
        }

        return Placeholder(fullName, shape);
    }

    /// <summary>Marks a tensor as known though not needed.</summary>
    public void Ignore(string name) => _ledger.Used.Add(_prefix + name);

    /// <summary>Throws one <see cref="CheckpointException"/> that lists every problem of the whole checkpoint.</summary>
    public void ThrowIfIncomplete()
    {
        var leftOver = _checkpoint.Tensors.Keys.Where(name => !_ledger.Used.Contains(name)).Select(name => $"left over {name}");
        string[] problems = [.. _ledger.Problems, .. leftOver];
        if (problems.Length > 0)
        {
            throw new CheckpointException(_checkpoint.Path, problems);
        }
    }

    private static unsafe StoredTensor Placeholder(string name, int[] shape) => new(name, ElementType.Float32, shape, null);

    private sealed class Ledger
    {
        public HashSet<string> Used { get; } = [];

        public List<string> Problems { get; } = [];
    }
}
