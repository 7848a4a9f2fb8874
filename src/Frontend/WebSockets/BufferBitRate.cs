namespace CosyOrleans.Frontend.WebSockets;

/// <summary>
/// Bits per second of Opus for a client that says how much unplayed sound it holds. A buffer that runs dry means that the line is
/// too narrow: the rate falls at once to what suits it. It rises by one step with each report that allows it, so that one good
/// moment does not undo it. From outside, one at a time.
/// </summary>
internal sealed class BufferBitRate
{
    public const int MaxMilliseconds = 600_000;

    // From how many milliseconds on which rate is right.
    private static readonly (int Milliseconds, int BitRate)[] Steps = [(0, 12_000), (100, 16_000), (300, 24_000), (800, 32_000), (2000, 48_000)];

    private int _step = 3; // 32,000, with which every speech begins.

    public int BitRate => Steps[_step].BitRate;

    /// <param name="milliseconds">Of sound that was received and not yet played; 0 to <see cref="MaxMilliseconds"/>.</param>
    /// <returns>The rate from now on.</returns>
    public int Report(int milliseconds)
    {
        var suits = Array.FindLastIndex(Steps, step => milliseconds >= step.Milliseconds);
        _step = suits < _step ? Math.Max(suits, 0) : Math.Min(suits, _step + 1);
        return BitRate;
    }
}
