using CosyVoice.Engine;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>The blocks of one sequence, in the order of its positions.</summary>
internal sealed class TorchSequenceCache : ISequenceCache
{
    private readonly TorchCacheBlocks _all;
    private readonly List<int> _blocks = [];
    private bool _disposed;

    /// <exception cref="TorchMemoryException">Too little is free for another sequence.</exception>
    public TorchSequenceCache(TorchCacheBlocks all)
    {
        all.Begin();
        _all = all;
    }

    public int Length { get; private set; }

    public int Capacity => _all.Positions;

    public IReadOnlyList<int> Blocks => _blocks;

    public bool IsOf(TorchCacheBlocks others) => others == _all;

    /// <summary>Where a position is among the slots of a layer.</summary>
    public long Slot(int position) =>
        ((long)_blocks[position / TorchCacheBlocks.BlockPositions] * TorchCacheBlocks.BlockPositions) + (position % TorchCacheBlocks.BlockPositions);

    /// <summary>Makes room for further positions; the blocks it took, whose content is another's.</summary>
    /// <exception cref="TorchMemoryException">There is not enough; nothing has changed.</exception>
    public IReadOnlyList<int> Extend(int positions)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var (length, held) = (Length, _blocks.Count);
        try
        {
            Length += positions;
            while (_blocks.Count * TorchCacheBlocks.BlockPositions < Length)
            {
                _blocks.Add(_all.Take());
            }
        }
        catch
        {
            Shrink(length);
            throw;
        }

        return _blocks[held..];
    }

    /// <summary>Forgets all but the first positions.</summary>
    public void Shrink(int length)
    {
        Length = length;
        var needed = (length + TorchCacheBlocks.BlockPositions - 1) / TorchCacheBlocks.BlockPositions;
        _all.Return(_blocks[needed..]);
        _blocks.RemoveRange(needed, _blocks.Count - needed);
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            Shrink(0);
            _all.End();
            _disposed = true;
        }
    }
}
