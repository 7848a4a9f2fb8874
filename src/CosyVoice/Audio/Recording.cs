namespace CosyVoice.Audio;

/// <summary>A recording as it came, its channels averaged to one.</summary>
/// <param name="Samples">In [-1, 1]; files of floats may reach beyond.</param>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Channels">How many channels were averaged.</param>
public sealed record Recording(float[] Samples, int SampleRate, int Channels)
{
    public double Seconds => (double)Samples.Length / SampleRate;
}
