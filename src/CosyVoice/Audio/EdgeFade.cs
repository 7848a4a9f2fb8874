namespace CosyVoice.Audio;

/// <summary>
/// The wave of a segment ends wherever the last speech token does, and the next one begins as if nothing had been before it. At
/// both edges it is led to zero within <see cref="Milliseconds"/>: a jump there would be a click, and so would one at the end of
/// a speech. That is too short to be heard as a fade, or to take anything of a sound away.
/// </summary>
internal static class EdgeFade
{
    public const int Milliseconds = 4;

    /// <summary>Fades in place; passages shorter than the fade are faded over their whole length.</summary>
    /// <param name="samples">Of the segment, as many as there are at a time.</param>
    /// <param name="first">Whether the segment begins with them.</param>
    /// <param name="last">Whether it ends with them.</param>
    public static void Apply(Span<float> samples, int sampleRate, bool first, bool last)
    {
        var length = Math.Min(samples.Length, sampleRate * Milliseconds / 1000);
        for (var i = 0; i < length; i++)
        {
            var gain = (float)(0.5 - (0.5 * Math.Cos(Math.PI * (i + 0.5) / length)));
            samples[i] *= first ? gain : 1;
            samples[samples.Length - 1 - i] *= last ? gain : 1;
        }
    }
}
