using System.Globalization;
using CosyVoice.Engine;
using CosyVoice.Tests.Engine;
using Xunit.Abstractions;

namespace CosyVoice.Tests.Seams;

/// <summary>
/// Where segments meet: no click, no change of loudness, nothing of a word lost. What docs/benchmarks.md says of them comes from
/// here (dotnet test --logger "console;verbosity=detailed").
/// </summary>
public sealed class SeamTests(BuiltInVoice voice, ITestOutputHelper output) : IClassFixture<BuiltInVoice>
{
    private const double MostClick = -10; // dB below the sharpest bend of the wave nearby
    private const double MostLevelJump = 2; // dB
    private const int SamplesPerToken = 960;

    private const string English =
        "The weather is very nice this morning, and we walk along the river. There is a boat on the water, and in it sits an old man with a hat. "
        + "He has not caught a fish for many years, and he does not mind. Would you like to know why? Then listen to what he told me when I was a child.";

    private const string Other =
        "Stop! Nobody may go in there, said the woman at the gate, and nobody ever did; so the garden grew as it liked, year after year. "
        + "Only the cats knew the way. They came at night, by twos and threes, and what they did behind the wall remains their secret to this day. No.";

    public static TheoryData<SpeechMode, bool, double> Ways => new()
    {
        { SpeechMode.Sft, true, 1 },
        { SpeechMode.Sft, false, 1 },
        { SpeechMode.Sft, true, 1.4 },
        { SpeechMode.Sft, true, 0.7 },
        { SpeechMode.ZeroShot, true, 1 },
        { SpeechMode.CrossLingual, false, 1 },
        { SpeechMode.Instruct, true, 1 },
        { SpeechMode.Conversion, true, 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Speak_SeveralSegments_NoSeamIsHeard(SpeechMode mode, bool streaming, double speed)
    {
        using var engine = new SpeechEngine(voice.Model);
        List<SpokenSegments> all = [];
        var voices = (mode, speed, Thoroughness.IsFull) switch
        {
            (SpeechMode.Sft, 1, _) or (SpeechMode.Sft, _, true) => 4,
            (SpeechMode.Sft, _, _) or (_, _, true) => 2,
            _ => 1,
        };
        foreach (var (speaker, text) in voice.Speakers.Take(voices).Select((speaker, i) => (speaker, i % 2 == 0 ? English : Other)))
        {
            var request = new SpeechRequest
            {
                Segments = voice.Model.Prepare(text), Speaker = speaker, Mode = SpeechMode.Sft, Seed = 3, Streaming = streaming, Speed = speed,
            };
            all.Add(await SpokenSegments.OfAsync(engine, mode == SpeechMode.Sft ? request : await InModeAsync(engine, request, mode)));
        }

        var seams = all.SelectMany(spoken => spoken.Seams).ToArray();
        var (click, jump) = (seams.Max(seam => seam.ClickDecibels), seams.Max(seam => Math.Abs(seam.LevelJumpDecibels)));
        var (tail, end) = (seams.Max(seam => seam.TailDecibels), all.Max(spoken => spoken.End.ClickDecibels));
        var cuts = all.SelectMany(spoken => spoken.Cuts).ToArray();
        var cut = cuts.Length == 0 ? double.NaN : cuts.Max(seam => seam.ClickDecibels);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{mode} streaming {streaming} speed {speed}: {seams.Length} seams; click {click:0.0} dB, at the end {end:0.0} dB, at {cuts.Length} cuts {cut:0.0} dB; level {jump:0.0} dB; tail {tail:0.0} dB"));
        Assert.InRange(click, -200, MostClick);
        Assert.InRange(end, -200, MostClick);
        Assert.InRange(jump, 0, MostLevelJump);
        Assert.False(cut > 0, $"The sharpest place nearby is where a chunk begins: {cut} dB.");
        Assert.All(all.Where(_ => speed == 1), spoken =>
            Assert.Equal(spoken.Tokens.Select(tokens => tokens.Count * SamplesPerToken), spoken.Segments.Select(samples => samples.Length)));
    }

    /// <summary>Weights that were never trained: the wave is anywhere when a segment ends.</summary>
    [Theory]
    [InlineData("model_v2", true)]
    [InlineData("model_v2", false)]
    [InlineData("model_v3", true)]
    [InlineData("model_v3", false)]
    public async Task Speak_ModelThatEndsAnywhere_DoesNotClick(string fixture, bool streaming)
    {
        using var model = SpeechModel.Load(Repository.Fixture($"{fixture}/model"), 2);
        using var engine = new SpeechEngine(model);
        var segments = Enumerable.Range(0, 6).SelectMany(i => model.Prepare($"Stop {i}.")).ToArray();

        var spoken = await SpokenSegments.OfAsync(
            engine, new SpeechRequest { Segments = segments, Speaker = model.Speakers["my_zero_shot_spk"], Seed = 3, Streaming = streaming });

        double[] clicks = [.. spoken.Seams.Append(spoken.End).Select(seam => seam.ClickDecibels)];
        output.WriteLine(string.Join(' ', clicks.Select(click => click.ToString("0.0", CultureInfo.InvariantCulture))));
        Assert.Equal(segments.Length, clicks.Length);
        Assert.All(clicks, click => Assert.InRange(click, -200, MostClick));
    }

    /// <summary>The same text in another mode, with what the voice says first as its recording.</summary>
    private async Task<SpeechRequest> InModeAsync(SpeechEngine engine, SpeechRequest request, SpeechMode mode)
    {
        var said = await SpokenSegments.OfAsync(engine, request);
        return request with
        {
            Mode = mode,
            Speaker = said.AsVoice(request.Speaker, request.Segments[0].Tokens),
            Instruction = mode == SpeechMode.Instruct ? "Say it slowly." : "",
            Segments = mode == SpeechMode.Conversion
                ? [.. request.Segments.Select((segment, i) => segment with { Tokens = [.. said.Tokens[i]] })]
                : request.Segments,
        };
    }
}
