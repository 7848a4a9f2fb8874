using System.Diagnostics;
using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyVoice.Bench;

/// <summary>One listener at a time, from text ids to samples, through the engine that the server uses.</summary>
internal static class EndToEndBench
{
    /// <param name="RealTimeFactor">Seconds of work for a second of audio.</param>
    /// <param name="FirstPacket">Seconds until the first samples.</param>
    /// <param name="Audio">Seconds of audio.</param>
    public readonly record struct Result(double RealTimeFactor, double FirstPacket, double Audio);

    /// <summary>The run with the median time of <paramref name="runs"/>, after one that compiles the code.</summary>
    public static Result Measure(SpeechModel model, bool streaming, int textIds, int runs)
    {
        using var engine = new SpeechEngine(model);
        var request = new SpeechRequest
        {
            Segments = [new TextSegment("", [.. Enumerable.Range(100, textIds)])],
            Speaker = model.Speakers.Values.First(),
            Seed = 1,
            Streaming = streaming,
        };
        _ = Speak(engine, request with { Segments = [new TextSegment("", [100, 101])] }, model.SampleRate).GetAwaiter().GetResult();
        Result[] results = [.. Enumerable.Range(0, runs)
            .Select(_ => Speak(engine, request, model.SampleRate).GetAwaiter().GetResult())
            .OrderBy(result => result.RealTimeFactor)];
        return results[runs / 2];
    }

    private static async Task<Result> Speak(SpeechEngine engine, SpeechRequest request, int sampleRate)
    {
        var start = Stopwatch.GetTimestamp();
        var (first, samples) = (0.0, 0L);
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            first = samples == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : first;
            samples += chunk.Samples.Length;
        }

        var audio = (double)samples / sampleRate;
        return new Result(Stopwatch.GetElapsedTime(start).TotalSeconds / audio, first, audio);
    }
}
