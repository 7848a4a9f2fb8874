namespace CosyOrleans.Service.Formats;

/// <summary>
/// One of the two laws of G.711, by which a byte stands for a sample. Of the 128 levels of each sign the nearest is taken, as other
/// encoders do; the standard's own intervals differ from that by one step in 14 bits where two of its segments meet.
/// </summary>
internal sealed class G711Law
{
    private const int Levels = 128;
    private const int Steps = 1 << 13; // Of a sign: the laws tell 14 bits apart.
    private const byte Sign = 0x80;

    private readonly byte[] _codes = new byte[2 * Steps]; // By the upper 14 bits of a sample.

    /// <param name="level">What a number of 0 to 127 stands for: a sample of 16 bits, rising.</param>
    /// <param name="mask">The bits that are turned over on the line, for samples from 0 on.</param>
    private G711Law(Func<int, int> level, byte mask)
    {
        var code = 0;
        for (var step = 0; step <= Steps; step++)
        {
            while (code < Levels - 1 && step >= Boundary(level(code), level(code + 1)))
            {
                code++;
            }

            if (step < Steps)
            {
                _codes[Steps + step] = (byte)(code ^ mask);
            }

            if (step > 0)
            {
                _codes[Steps - step] = (byte)(code ^ mask ^ Sign);
            }
        }
    }

    public static G711Law Mu { get; } = new(code => ((((code & 0xF) << 3) + 132) << (code >> 4)) - 132, 0xFF);

    public static G711Law A { get; } = new(code => code < 16 ? (code << 4) + 8 : (((code & 0xF) << 4) + 264) << ((code >> 4) - 1), 0xD5);

    public byte Encode(short sample) => _codes[(sample >> 2) + Steps];

    // Halfway between two levels, in 14 bits, rounded to the nearest.
    private static int Boundary(int lower, int upper) => (lower + upper + 4) / 8;
}
