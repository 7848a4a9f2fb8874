using CosyOrleans.Service.Alignment;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;
using Xunit.Abstractions;

namespace CosyOrleans.Service.Tests.Alignment;

/// <summary>
/// How good estimates of words' times are, and whether the check of speech is content with speech that is as it should be. Sentences
/// are spoken one to a segment, so that it is known to the sample where each begins; then they are taken for one.
/// </summary>
public sealed class BuiltInVoiceTests(ITestOutputHelper output)
{
    private static readonly string[] Sentences =
    [
        "The weather is very nice this morning.", "We walk along the river.", "Nobody had ever gone in.", "Yes.",
        "One day in autumn a light was seen in the upper window.", "How far is it to the next village?", "The children told each other stories.",
    ];

    [Fact]
    public async Task Words_FirstOfEachSentence_AreWithinAFewTenthsOfASecond()
    {
        using var model = EngineModel.Load(Path.Combine(Folders.Repository, "models/default"), threads: 2, maxConcurrent: 8);
        List<double> errors = [];
        List<SegmentEnd> ends = [];
        foreach (var voice in model.VoiceIds)
        {
            var (loudness, spoken) = await SpeakAsync(model, voice, seed: 1);
            ends.AddRange(spoken);
            for (var first = 0; first + 3 < spoken.Count; first += 2)
            {
                errors.AddRange(Errors(spoken.GetRange(first, 4), first == 0 ? 0 : spoken[first - 1].SampleOffset, loudness));
            }
        }

        errors.Sort();
        var (median, p90) = (errors[errors.Count / 2], errors[errors.Count * 9 / 10]);
        output.WriteLine($"{errors.Count} words: median {median:F3} s, 90 % within {p90:F3} s, worst {errors[^1]:F3} s");
        output.WriteLine($"{ends.Count} segments: {ends.Count(end => end.Fault != SpeechFault.None)} with faults");
        Assert.InRange(median, 0, 0.25);
        Assert.InRange(p90, 0, 0.6);
        Assert.All(ends, end => Assert.Equal(SpeechFault.None, end.Fault));
    }

    /// <summary>Distances between where the sound of a sentence begins and where its first word is said to, of all but the first.</summary>
    private static IEnumerable<double> Errors(List<SegmentEnd> sentences, long begin, LoudnessTrack loudness)
    {
        var words = WordTimes.Estimate(string.Join(' ', sentences.Select(sentence => sentence.Text)), begin, sentences[^1].SampleOffset, loudness);
        var number = 0;
        for (var i = 1; i < sentences.Count; i++)
        {
            number += WordTimes.Split(sentences[i - 1].Text).Count;
            var sounds = loudness.Sounding(sentences[i - 1].SampleOffset, sentences[i].SampleOffset)[0].Begin;
            yield return Math.Abs(words[number].Begin - ((double)sounds / loudness.SampleRate));
        }
    }

    private static async Task<(LoudnessTrack Loudness, List<SegmentEnd> Ends)> SpeakAsync(EngineModel model, string voice, int seed)
    {
        var input = new SpeechInput([.. Sentences.SelectMany(model.Prepare)], voice, seed, Speed: 1, Streaming: false) { Check = true };
        var loudness = new LoudnessTrack(model.SampleRate);
        var cutter = new FrameCutter(480);
        List<SegmentEnd> ends = [];
        await foreach (var chunk in model.SpeakAsync(input, default))
        {
            Take(cutter.Add(chunk));
        }

        Take(cutter.Finish());
        return (loudness, ends);

        void Take(IEnumerable<AudioFrame> frames)
        {
            foreach (var frame in frames)
            {
                loudness.Add(frame.Samples.Span);
                ends.AddRange(frame.Ends);
            }
        }
    }
}
