using System.Diagnostics;
using CosyVoice.Engine;
using CosyVoice.Text;

namespace CosyVoice.Bench;

/// <summary>Several listeners at the same time, each of whom plays what comes from the moment it comes.</summary>
internal static class StreamsBench
{
    /// <param name="FirstPacket">Seconds until the first samples: the 95th percentile of the streams.</param>
    /// <param name="Rate">Seconds of audio made in a second, by all together.</param>
    /// <param name="Continuity">Share of the streams in which no chunk came after the sound before it had been played.</param>
    public readonly record struct Result(double FirstPacket, double Rate, double Continuity);

    /// <summary>One round of <paramref name="streams"/> streams that begin together, after one that compiles the code.</summary>
    public static async Task<Result> MeasureAsync(SpeechModel model, int streams, int textIds)
    {
        using var engine = new SpeechEngine(model, new SpeechEngineOptions { MaximumBatch = streams });
        await RoundAsync(engine, model, streams, textIds: 2);
        var start = Stopwatch.GetTimestamp();
        var heard = await RoundAsync(engine, model, streams, textIds);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] first = [.. heard.Select(stream => stream.First).Order()];
        return new(
            first[(int)Math.Ceiling(0.95 * streams) - 1],
            heard.Sum(stream => stream.Audio) / elapsed,
            heard.Count(stream => stream.IsContinuous) / (double)streams);
    }

    private static Task<Heard[]> RoundAsync(SpeechEngine engine, SpeechModel model, int streams, int textIds) =>
        Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Task.Run(() => ListenAsync(engine, model, stream, textIds))));

    private static async Task<Heard> ListenAsync(SpeechEngine engine, SpeechModel model, int stream, int textIds)
    {
        var request = new SpeechRequest
        {
            Segments = [new TextSegment("", [.. Enumerable.Range(100 + stream, textIds)])],
            Speaker = model.Speakers.Values.First(),
            Seed = 1 + stream,
            Streaming = true,
        };
        var start = Stopwatch.GetTimestamp();
        var (first, audio, isContinuous) = (0.0, 0.0, true);
        await foreach (var chunk in engine.SpeakAsync(request))
        {
            var now = Stopwatch.GetElapsedTime(start).TotalSeconds;
            first = audio == 0 ? now : first;
            isContinuous &= now <= first + audio;
            audio += (double)chunk.Samples.Length / model.SampleRate;
        }

        return new(first, audio, isContinuous);
    }

    private readonly record struct Heard(double First, double Audio, bool IsContinuous);
}
