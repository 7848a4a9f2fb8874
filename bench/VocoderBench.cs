using System.Diagnostics;
using CosyVoice.Engine;
using CosyVoice.Kernels;

namespace CosyVoice.Bench;

/// <summary>Seconds that the vocoder takes for a second of audio: mel to samples, pitch, noise and excitation included.</summary>
internal static class VocoderBench
{
    /// <summary>Floating-point operations per second of audio at the size of CosyVoice2-0.5B.</summary>
    public const double FullSizeFlop = 30.6e9;

    private const int Bins = 80;

    /// <summary>The median of <paramref name="runs"/> calls for <paramref name="seconds"/> seconds of audio, divided by those.</summary>
    public static double SecondsPerSecond(IVocoder vocoder, int seconds, int runs)
    {
        using var mel = new Tensor(seconds * vocoder.SampleRate / vocoder.HopLength, Bins);
        var noise = new GaussianNoise(seed: 1, segment: 0);
        noise.Fill(0, mel.Span);
        Time(vocoder, mel, noise); // memory grows and code compiles
        double[] times = [.. Enumerable.Range(0, runs).Select(_ => Time(vocoder, mel, noise)).Order()];
        return times[runs / 2] / seconds;
    }

    private static double Time(IVocoder vocoder, Tensor mel, GaussianNoise noise)
    {
        var start = Stopwatch.GetTimestamp();
        vocoder.Synthesize(mel, noise.Fill);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
