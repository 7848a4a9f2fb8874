using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

// The KV caches of all sequences: one slab, cut into blocks that sequences take and return.
//
//   slab [layers, blocks, BlockPositions, 2 (keys, values), key/value heads, head]
//   block 0: what the unused rows of a pass write to and read from
//   block 1: zeros, which stand behind the end of a sequence's blocks; never written
//   the rest: of sequences, or free

/// <summary>Room for keys and values on a device.</summary>
internal sealed class TorchCacheBlocks
{
    public const int BlockPositions = 64;

    public const int UnusedRows = 0;

    public const int Zeros = 1;

    private const int FirstOfSequences = 2;

    private const int FewestPositions = 1024; // Half a minute of speech.

    private readonly TorchOptions _options;
    private readonly Tensor _slab;
    private readonly Stack<int> _free;
    private int _sequences;

    /// <param name="width">Key/value heads * head size.</param>
    /// <param name="bytesBeside">What each position takes elsewhere.</param>
    /// <exception cref="TorchMemoryException">The budget leaves less than 1,024 positions.</exception>
    public TorchCacheBlocks(TorchOptions options, int layers, int width, long bytesBeside, DeviceStore store)
    {
        _options = options;
        var count = Count(options.CachePositions, BlockPositions * ((2L * layers * width * store.Type.Bytes()) + bytesBeside), store.Budget);
        _free = new(Enumerable.Range(FirstOfSequences, count).Reverse());
        Positions = count * BlockPositions;
        using var scope = NewDisposeScope();
        _slab = store.Keep(zeros([layers, FirstOfSequences + count, BlockPositions * 2 * width], store.Type, store.Device));
        Blocks = [.. Enumerable.Range(0, layers).Select(layer => store.KeepView(_slab.select(0, layer)))];
        Slots = [.. Blocks.Select(blocks => store.KeepView(blocks.view(-1, 2 * width)))];
    }

    /// <summary>Positions that sequences can hold together.</summary>
    public int Positions { get; }

    /// <summary>Of each layer, [blocks, BlockPositions * 2 * width].</summary>
    public IReadOnlyList<Tensor> Blocks { get; }

    /// <summary>The same memory, [blocks * BlockPositions, 2 * width].</summary>
    public IReadOnlyList<Tensor> Slots { get; }

    /// <summary>Blocks that no sequence holds.</summary>
    public int Free
    {
        get
        {
            lock (_free)
            {
                return _free.Count;
            }
        }
    }

    /// <summary>
    /// Lets a sequence begin if it and all the others could have another block each: one that is refused costs a request, one
    /// that finds no block later costs all that share its step.
    /// </summary>
    /// <exception cref="TorchMemoryException">They could not.</exception>
    public void Begin()
    {
        lock (_free)
        {
            _sequences += _free.Count > _sequences ? 1 : throw Exhausted();
        }
    }

    /// <exception cref="TorchMemoryException">None is free.</exception>
    public int Take()
    {
        lock (_free)
        {
            return _free.TryPop(out var block) ? block : throw Exhausted();
        }
    }

    public void End()
    {
        lock (_free)
        {
            _sequences--;
        }
    }

    public void Return(IEnumerable<int> blocks)
    {
        lock (_free)
        {
            foreach (var block in blocks)
            {
                _free.Push(block);
            }
        }
    }

    /// <summary>
    /// Forgets what blocks held [blocks]. What lies behind a sequence's end is masked, but 0 times the infinity that another
    /// sequence left there would still be heard.
    /// </summary>
    public void Clear(Tensor blocks) => _slab.index_fill_(1, blocks, 0);

    /// <summary>Blocks for so many positions, or as many as the budget leaves.</summary>
    private static int Count(int positions, long bytesOfBlock, DeviceBudget budget)
    {
        var left = Math.Max(0, (budget.Left / bytesOfBlock) - FirstOfSequences);
        return left * BlockPositions >= FewestPositions
            ? (int)Math.Min(left, (positions + BlockPositions - 1) / BlockPositions)
            : throw budget.TooSmall($"beside its weights there is room for KV caches of {left * BlockPositions} positions, of which it needs {FewestPositions}");
    }

    private TorchMemoryException Exhausted() => new(
        $"The KV caches of {_options.Device} are full: {_free.Count * BlockPositions} of {Positions} positions are free for {_sequences} " +
        $"sequences (CachePositions is {_options.CachePositions}). Speak fewer requests at a time, or raise CachePositions{(Positions < _options.CachePositions ? " and MemoryGigabytes" : "")}.");
}
