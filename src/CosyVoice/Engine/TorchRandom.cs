namespace CosyVoice.Engine;

/// <summary>
/// The numbers of PyTorch's CPU generator after <c>manual_seed</c>, to the last bit for uniform ones and to
/// rounding for normal ones. The flow's start and the version 3 vocoder's noise are defined by it.
/// </summary>
public sealed class TorchRandom
{
    private const int Block = 16;

    private readonly MersenneTwister _bits;
    private double _spareNormal = double.NaN;

    /// <param name="seed">As given to <c>manual_seed</c>; its low 32 bits count.</param>
    public TorchRandom(ulong seed) => _bits = new MersenneTwister((uint)seed);

    private TorchRandom(MersenneTwister bits, double spareNormal) => (_bits, _spareNormal) = (bits, spareNormal);

    /// <summary>A generator that goes on by itself from where this one stands.</summary>
    public TorchRandom Copy() => new(_bits.Copy(), _spareNormal);

    /// <summary>Drops outputs of the generator; one uniform number takes one.</summary>
    public void Skip(long outputs) => _bits.Skip(outputs);

    /// <summary><c>torch.rand</c>: uniform in [0, 1) in steps of 2^-24.</summary>
    public void Uniform(Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (_bits.Next() & 0xFFFFFF) * (1f / (1 << 24));
        }
    }

    /// <summary><c>torch.randn</c> of as many elements: one call here stands for one call there.</summary>
    public void Normal(Span<float> values)
    {
        if (values.Length < Block)
        {
            foreach (ref var value in values)
            {
                value = (float)NextNormal();
            }

            return;
        }

        Uniform(values);
        for (var start = 0; start + Block <= values.Length; start += Block)
        {
            BoxMuller(values.Slice(start, Block));
        }

        if (values.Length % Block != 0)
        {
            var tail = values[^Block..];
            Uniform(tail);
            BoxMuller(tail);
        }
    }

    /// <summary>Uniform numbers to normal ones in place, element j paired with j + 8. [16].</summary>
    private static void BoxMuller(Span<float> block)
    {
        for (var j = 0; j < Block / 2; j++)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - block[j]));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * block[j + (Block / 2)]);
            (block[j], block[j + (Block / 2)]) = ((float)(radius * cosine), (float)(radius * sine));
        }
    }

    /// <summary>What short tensors are made of: pairs in double precision, the second kept for the next call.</summary>
    private double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            var spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        var (angle, distance) = (NextDouble(), NextDouble());
        var radius = Math.Sqrt(-2 * Math.Log(1 - distance));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * angle);
        _spareNormal = radius * sine;
        return radius * cosine;
    }

    /// <summary>Uniform in [0, 1) in steps of 2^-53, of two outputs, the high half first.</summary>
    private double NextDouble()
    {
        var bits = ((ulong)_bits.Next() << 32) | _bits.Next();
        return (bits & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));
    }
}
