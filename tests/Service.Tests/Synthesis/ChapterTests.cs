using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CosyOrleans.Service.Admission;
using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace CosyOrleans.Service.Tests.Synthesis;

/// <summary>A chapter in each language, of 5,000 characters or of a minute and a half of sound, spoken by the built-in voice: whole, in order, and resumable in its middle.</summary>
public sealed class ChapterTests(ITestOutputHelper output)
{
    private const int FrameSamples = 480;
    private const int SamplesPerToken = 960;
    private const int MostTokensPerTextId = 20; // Of the engine: whoever gets there did not end by themselves.
    private const int SecondsReadAhead = 10;
    private const int FramesOfThePassage = 500; // 10 s
    private const int MostSecondsHeld = 40; // What is read ahead, the passage kept here and segments at work; the chapters are twice as long at least.

    private static readonly string Model = Path.Combine(Folders.Repository, "models/default");

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh", false)]
    public async Task Chapter_WholeAndInOrder_AndGoesOnFromItsMiddle(string language, bool streaming)
    {
        var request = new SpeakRequest
        {
            Text = language == "en" ? Chapters.English : Chapters.Chinese, SpeakerId = "eve", Seed = 7, Streaming = streaming,
        };
        using var model = await StartAsync();
        var segments = model.Require().Prepare(request.Text);
        Assert.Equal(Words(Normalized(request.Text)), Words(string.Concat(segments.Select(segment => segment.Text))));

        var begin = TimeProvider.System.GetTimestamp();
        var tokens = new int[segments.Count];
        List<WeakReference<short[]>> heard = [];
        var held = 0L;
        List<AudioFrame> passage = [];
        SpeechResumption? middle = null;
        var (samples, last, frames) = (0L, 0, 0L);
        await using (var speech = await Synthesis(model).SpeakAsync(request, default))
        {
            await foreach (var frame in speech.Frames)
            {
                Assert.Equal((frames++, samples), (frame.Number, frame.SampleOffset));
                samples += frame.Samples.Length;
                if (MemoryMarshal.TryGetArray(frame.Samples, out var sound) && !(heard.Count > 0 && heard[^1].TryGetTarget(out var before) && before == sound.Array))
                {
                    heard.Add(new(sound.Array!));
                }

                foreach (var part in frame.Tokens)
                {
                    Assert.InRange(part.Segment, last, last + 1);
                    if (part.Segment > last && part.Segment % 2 == 0)
                    {
                        GC.Collect();
                        held = Math.Max(held, heard.Sum(sound => sound.TryGetTarget(out var array) ? (long)array.Length : 0));
                    }

                    last = part.Segment;
                    tokens[last] += part.Tokens.Count;
                }

                if (middle is null && last > segments.Count / 2 && frame.Checkpoint is { } checkpoint)
                {
                    middle = new(frames, FrameSamples * frames, checkpoint);
                }
                else if (middle is not null && passage.Count < FramesOfThePassage)
                {
                    passage.Add(frame);
                }
            }
        }

        var elapsed = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        var unended = segments.Where((segment, i) => tokens[i] >= MostTokensPerTextId * segment.Tokens.Length).Count();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{language}: {segments.Count} segments, {samples / 24_000.0:0} s of sound in {elapsed:0} s; {unended} did not end by themselves; {held / 24_000} s of sound held at most, process {Process.GetCurrentProcess().PeakWorkingSet64 / 1024 / 1024} MiB at most"));
        Assert.Equal(segments.Count - 1, last);
        Assert.All(tokens, count => Assert.True(count > 0));
        Assert.Equal(tokens.Sum(count => (long)count) * SamplesPerToken, samples);
        Assert.Equal(0, unended);
        Assert.InRange(held, 1, MostSecondsHeld * 24_000L);
        Assert.True(samples > 2 * MostSecondsHeld * 24_000L, $"{samples} samples");

        using var other = await StartAsync();
        await using var rest = await Synthesis(other).SpeakAsync(request with { VoiceVersion = 0, Resume = middle }, default);
        var resumed = await rest.Frames.Take(passage.Count).ToListAsync();
        Assert.Equal(passage.Select(frame => frame.Number), resumed.Select(frame => frame.Number));
        Assert.Equal(passage.SelectMany(frame => frame.Samples.ToArray()), resumed.SelectMany(frame => frame.Samples.ToArray()));
    }

    private static string Normalized(string text) =>
        new TextFrontend(Tokenizer.ForCosyVoice2(Path.Combine(Model, "CosyVoice-BlankEN"))).Normalize(text);

    /// <summary>What is pronounced: segments begin and end with marks and spaces of their own.</summary>
    private static string Words(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static async Task<LocalModel> StartAsync()
    {
        var options = new SynthesisOptions { ReadAheadSeconds = SecondsReadAhead };
        var model = new LocalModel(
            () => EngineModel.Load(Model, threads: 2, maxConcurrent: 2), options, new SpeechQueue(options, TimeProvider.System), TimeProvider.System, NullLogger<LocalModel>.Instance);
        await model.StartAsync(default);
        return model;
    }

    private static LocalSynthesis Synthesis(LocalModel model)
    {
        var options = new SynthesisOptions { ReadAheadSeconds = SecondsReadAhead };
        var queue = new SpeechQueue(options, TimeProvider.System);
        return new LocalSynthesis(model, queue, options, new SynthesisInstruments(new TestMeters(), queue, model), TimeProvider.System, NullLogger<LocalSynthesis>.Instance);
    }
}
