namespace CosyVoice.Engine;

/// <summary>
/// PyTorch's uniform numbers behind a point of a generator's sequence, as a table of any length that is never stored: the
/// generator is kept as it stood at the beginning of every block of it that was reached, and a block is made when it is read.
/// </summary>
internal sealed class TorchUniformTable(ulong seed, long skip)
{
    private const int BlockLength = 240_000;

    private readonly Lock _lock = new();
    private readonly List<TorchRandom> _beginnings = [];

    /// <summary>
    /// The noise of CosyVoice 3's vocoder, [samples, 9]: what it draws at seed 0 behind the weights that are
    /// drawn before, with the sizes of the published model, and behind nine initial phases.
    /// </summary>
    public static TorchUniformTable VocoderNoise { get; } = new(seed: 0, skip: 5_052_961 + 9);

    /// <summary>Numbers <paramref name="first"/> and following.</summary>
    public void Fill(long first, Span<float> values)
    {
        while (!values.IsEmpty)
        {
            var (block, offset) = ((int)(first / BlockLength), (int)(first % BlockLength));
            var part = values[..Math.Min(values.Length, BlockLength - offset)];
            var random = Beginning(block);
            random.Skip(offset);
            random.Uniform(part);
            values = values[part.Length..];
            first += part.Length;
        }
    }

    private TorchRandom Beginning(int block)
    {
        lock (_lock)
        {
            if (_beginnings.Count == 0)
            {
                var random = new TorchRandom(seed);
                random.Skip(skip);
                _beginnings.Add(random);
            }

            while (_beginnings.Count <= block)
            {
                var next = _beginnings[^1].Copy();
                next.Skip(BlockLength);
                _beginnings.Add(next);
            }

            return _beginnings[block].Copy();
        }
    }
}
