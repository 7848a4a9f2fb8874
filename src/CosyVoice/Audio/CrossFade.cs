namespace CosyVoice.Audio;

/// <summary>How one version of a passage passes into another.</summary>
public enum CrossFadeShape
{
    /// <summary>sin^2 against cos^2: sums to one, and is smooth at both ends.</summary>
    RaisedCosine,

    /// <summary>
    /// The halves of a symmetric Hamming window, as the CosyVoice reference fades. They sum to 1.08, so the passage is
    /// 0.7 dB too loud. Only for comparison with the reference.
    /// </summary>
    Hamming,
}

/// <summary>Fades from an old version of a passage to a new one of the same phase.</summary>
internal sealed class CrossFade
{
    private readonly float[] _old;
    private readonly float[] _new;

    public CrossFade(CrossFadeShape shape, int length)
    {
        (_old, _new) = (new float[length], new float[length]);
        for (var i = 0; i < length; i++)
        {
            (_new[i], _old[i]) = shape == CrossFadeShape.RaisedCosine
                ? (RaisedCosine(i, length), 1 - RaisedCosine(i, length))
                : (Hamming(i, 2 * length), Hamming(i + length, 2 * length));
        }
    }

    /// <summary>Replaces the head of <paramref name="next"/>; <paramref name="held"/> is empty or as long as the fade.</summary>
    public void Apply(ReadOnlySpan<float> held, Span<float> next)
    {
        for (var i = 0; i < held.Length; i++)
        {
            next[i] = (next[i] * _new[i]) + (held[i] * _old[i]);
        }
    }

    private static float RaisedCosine(int i, int length) => (float)(0.5 - (0.5 * Math.Cos(Math.PI * (i + 0.5) / length)));

    private static float Hamming(int i, int length) => (float)(0.54 - (0.46 * Math.Cos(2 * Math.PI * i / (length - 1))));
}
