namespace CosyOrleans.Frontend.WebSockets;

/// <summary>Makes sound louder or softer; what becomes too loud is as loud as can be.</summary>
internal static class Gain
{
    /// <param name="gain">0 or more; 1 changes nothing.</param>
    public static ReadOnlyMemory<short> Apply(ReadOnlyMemory<short> samples, double gain)
    {
        if (gain == 1)
        {
            return samples;
        }

        var changed = new short[samples.Length];
        for (var i = 0; i < changed.Length; i++)
        {
            changed[i] = (short)Math.Clamp(Math.Round(samples.Span[i] * gain), short.MinValue, short.MaxValue);
        }

        return changed;
    }
}
