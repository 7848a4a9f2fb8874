namespace CosyVoice.Engine;

/// <summary>
/// Where the flow starts: one fixed table of normal numbers, so that the same tokens always give the same mel and
/// a longer utterance starts like a shorter one.
/// </summary>
public sealed class FlowNoise
{
    /// <summary>Frames of the reference's table: 300 s.</summary>
    public const int ReferenceFrames = 15000;

    private static readonly Lazy<FlowNoise> LazyReference = new(() =>
    {
        var values = new float[80 * ReferenceFrames];
        new TorchRandom(0).Normal(values);
        return new FlowNoise(values, 80);
    });

    private readonly ReadOnlyMemory<float> _values; // [channels, frames], the generator's order

    /// <param name="values">[channels, frames].</param>
    public FlowNoise(ReadOnlyMemory<float> values, int channels)
    {
        if (channels < 1 || values.Length % channels != 0)
        {
            throw new ArgumentException($"{values.Length} values do not make rows for {channels} channels.", nameof(values));
        }

        (_values, Channels, Frames) = (values, channels, values.Length / channels);
    }

    /// <summary><c>randn(1, 80, 15000)</c> of seed 0, made at first use (4.8 MB).</summary>
    public static FlowNoise Reference => LazyReference.Value;

    public int Channels { get; }

    /// <summary>The longest utterance, prompt included.</summary>
    public int Frames { get; }

    /// <summary>The values of one frame, [<see cref="Channels"/>].</summary>
    public void CopyFrame(int frame, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)frame, (uint)Frames);
        var values = _values.Span;
        for (var channel = 0; channel < Channels; channel++)
        {
            destination[channel] = values[(channel * Frames) + frame];
        }
    }
}
