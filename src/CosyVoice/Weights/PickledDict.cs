using System.Globalization;

namespace CosyVoice.Weights;

/// <summary>A Python dictionary, in the order of its keys. Integer keys appear in decimal.</summary>
public sealed class PickledDict
{
    // A longer one would make each use of a shared key slow; real names have about 60 characters.
    private const int MaxKeyLength = 1000;

    private readonly OrderedDictionary<string, object?> _items = new(StringComparer.Ordinal);

    internal PickledDict()
    {
    }

    /// <summary>
    /// Values: string, long, double, bool, null, byte[], object?[] (tuple), List&lt;object?&gt;, <see cref="PickledDict"/>,
    /// <see cref="StoredTensor"/>.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Items => _items;

    internal void Set(object? key, object? value) => _items[key switch
    {
        string { Length: <= MaxKeyLength } name => name,
        long number => number.ToString(CultureInfo.InvariantCulture),
        string name => throw new InvalidDataException($"a dictionary key of {name.Length} characters; at most {MaxKeyLength} are read"),
        _ => throw new InvalidDataException("a dictionary key that is neither a string nor an integer"),
    }] = value;
}
