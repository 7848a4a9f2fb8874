namespace CosyVoice.Engine;

/// <summary>mt19937 (Matsumoto and Nishimura, 1998), seeded by its <c>init_genrand</c>.</summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    public MersenneTwister(uint seed)
    {
        _state[0] = seed;
        for (var i = 1; i < Size; i++)
        {
            var previous = _state[i - 1];
            _state[i] = (1812433253u * (previous ^ (previous >> 30))) + (uint)i;
        }
    }

    private MersenneTwister(MersenneTwister original)
    {
        original._state.CopyTo(_state, 0);
        _next = original._next;
    }

    public MersenneTwister Copy() => new(this);

    public uint Next()
    {
        if (_next == Size)
        {
            Regenerate();
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680u;
        y ^= (y << 15) & 0xEFC60000u;
        return y ^ (y >> 18);
    }

    /// <summary>Drops <paramref name="count"/> outputs, a whole state at a time.</summary>
    public void Skip(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        for (; count > Size - _next; Regenerate())
        {
            count -= Size - _next;
        }

        _next += (int)count;
    }

    private void Regenerate()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Size] & 0x7FFFFFFFu);
            _state[i] = _state[(i + Middle) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908B0DFu);
        }

        _next = 0;
    }
}
