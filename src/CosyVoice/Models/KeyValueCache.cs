using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Models;

/// <summary>Keys (after rotary embedding) and values of one sequence, [positions, key/value heads * head size] per layer.</summary>
internal sealed class KeyValueCache : ISequenceCache
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;
    private readonly int _width;

    public KeyValueCache(int layers, int width)
    {
        _width = width;
        _keys = [.. Enumerable.Range(0, layers).Select(_ => new Tensor(0, width))];
        _values = [.. Enumerable.Range(0, layers).Select(_ => new Tensor(0, width))];
    }

    public int Length { get; private set; }

    public int Capacity => int.MaxValue;

    public Tensor Keys(int layer) => _keys[layer];

    public Tensor Values(int layer) => _values[layer];

    /// <summary>Makes room for <paramref name="positions"/> more positions in every layer; they count as held at once.</summary>
    public void Extend(int positions)
    {
        ObjectDisposedException.ThrowIf(_keys[0].Columns != _width, this);
        Length += positions;
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.ResizeRows(Length);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor.Dispose();
        }
    }
}
