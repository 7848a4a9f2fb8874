using CosyVoice.Audio;

namespace CosyVoice.Tests.Enrolment;

/// <summary>Made-up recordings: a buzz that comes and goes as syllables do, over noise.</summary>
internal static class Voices
{
    /// <param name="noise">Amplitude of the noise; the voice's is 0.3.</param>
    /// <param name="lead">Seconds without voice at the start.</param>
    /// <param name="trail">Seconds without voice at the end.</param>
    public static Recording Speak(double seconds, int rate = 24_000, double noise = 0.0005, double lead = 0.1, double trail = 0.1, double gain = 1)
    {
        var random = new Random(1);
        var samples = new float[(int)Math.Round(seconds * rate)];
        for (var i = 0; i < samples.Length; i++)
        {
            var time = (double)i / rate;
            var inside = time >= lead && time < seconds - trail;
            var syllable = inside && (time - lead) * 4 % 1 < 0.7 ? 1 : 0; // four in a second
            var buzz = 0.3 * syllable * Math.Sin(2 * Math.PI * 150 * time) * (0.7 + (0.3 * Math.Sin(2 * Math.PI * 1300 * time)));
            samples[i] = (float)Math.Clamp(gain * (buzz + (noise * ((2 * random.NextDouble()) - 1))), -1, 1);
        }

        return new Recording(samples, rate, 1);
    }

    public static byte[] ToWav(Recording recording) => WavWriter.Encode(recording.Samples, recording.SampleRate);
}
