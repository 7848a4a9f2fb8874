using CosyVoice.Audio;
using CosyVoice.Enrolment;

namespace CosyVoice.Tests.Enrolment;

public class RecordingCheckTests
{
    private const string FiveSeconds = "The river runs past the old mill, and nobody looks up.";

    [Fact]
    public void Measure_GoodRecording_HasNoWarnings()
    {
        var report = RecordingCheck.Measure(Voices.Speak(5), FiveSeconds);

        Assert.Empty(report.Warnings);
        Assert.Equal((5, 24_000, 1), (report.Seconds, report.SampleRate, report.Channels));
        Assert.InRange(report.PeakDecibels, -13, -9);
        Assert.Equal(0, report.ClippedShare);
        Assert.InRange(report.SignalToNoiseDecibels, 45, 65);
        Assert.InRange(report.LeadingSilence, 0.05, 0.15);
        Assert.InRange(report.TrailingSilence, 0.05, 0.4);
        Assert.InRange(report.SyllablesPerSecond!.Value, 2, 4);
    }

    [Theory]
    [InlineData(0.99, 24_000, "lasts 0.99 seconds")]
    [InlineData(30.1, 16_000, "lasts 30.1 seconds")]
    [InlineData(5, 15_999, "15999 samples per second")]
    [InlineData(5, 8_000, "8000 samples per second")]
    public void Measure_OutsideTheLimits_IsRefused(double seconds, int rate, string named)
    {
        var problem = Assert.Single(Assert.Throws<RecordingException>(() => RecordingCheck.Measure(Voices.Speak(seconds, rate), "")).Problems);

        Assert.Contains(named, problem.Message);
    }

    [Fact]
    public void Measure_SeveralProblems_NamesAll() =>
        Assert.Equal(2, Assert.Throws<RecordingException>(() => RecordingCheck.Measure(Voices.Speak(0.5, 8_000), "")).Problems.Count);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2.98, true)]
    [InlineData(3, false)]
    [InlineData(15, false)]
    [InlineData(15.02, true)]
    [InlineData(30, true)]
    public void Measure_LengthThatCouldBeBetter_IsWarnedOf(double seconds, bool warned)
    {
        var warnings = RecordingCheck.Measure(Voices.Speak(seconds, 16_000), "").Warnings;

        Assert.Equal(warned, warnings.Any(warning => warning.Message.Contains("lasts", StringComparison.Ordinal)));
        Assert.Equal(warned ? 1 : 0, warnings.Count);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    public void Measure_NothingSaid_IsRefused(double noise)
    {
        var problem = Assert.Single(Assert.Throws<RecordingException>(() => RecordingCheck.Measure(Voices.Speak(4, noise: noise, lead: 9), "")).Problems);

        Assert.Contains("no speech", problem.Message);
    }

    [Fact]
    public void Measure_NotNumbersOrFarTooLoud_IsRefused()
    {
        foreach (var wrong in new[] { float.NaN, float.PositiveInfinity, 4.1f, -32768 })
        {
            var recording = Voices.Speak(4);
            recording.Samples[1234] = wrong;

            Assert.Contains("no sound", Assert.Throws<RecordingException>(() => RecordingCheck.Measure(recording, "")).Message);
        }
    }

    [Theory]
    [InlineData(0.01, 28, 31)]
    [InlineData(0.03, 18.5, 21.5)]
    [InlineData(0.1, 8, 11)]
    public void Measure_Noise_IsEstimated(double noise, double least, double most)
    {
        // The voice's power is 0.3^2 / 2 * 0.535, the noise's noise^2 / 3: 28.6, 19.1 and 8.6 dB.
        var report = RecordingCheck.Measure(Voices.Speak(5, noise: noise), "");

        Assert.InRange(report.SignalToNoiseDecibels, least, most);
        Assert.Equal(report.SignalToNoiseDecibels < 20, report.Warnings.Any(warning => warning.Message.Contains("above the noise", StringComparison.Ordinal)));
    }

    [Fact]
    public void Measure_CutOff_IsWarnedOf()
    {
        var report = RecordingCheck.Measure(Voices.Speak(5, gain: 6), "");

        Assert.InRange(report.ClippedShare, 0.1, 0.6);
        Assert.Equal(0, report.PeakDecibels, 0.01);
        Assert.Contains(report.Warnings, warning => warning.Message.Contains("cut off at its loudest", StringComparison.Ordinal));
    }

    [Fact]
    public void Measure_BeyondFullScale_CountsAsCutOff()
    {
        var loud = Voices.Speak(5);
        var beyond = new Recording([.. loud.Samples.Select(sample => 6 * sample)], loud.SampleRate, 1);

        Assert.InRange(RecordingCheck.Measure(beyond, "").ClippedShare, 0.1, 0.6);
    }

    [Fact]
    public void Measure_SilentEnds_AreFound()
    {
        var report = RecordingCheck.Measure(Voices.Speak(8, lead: 2, trail: 1.5), "");

        Assert.InRange(report.LeadingSilence, 1.95, 2.05);
        Assert.InRange(report.TrailingSilence, 1.45, 1.85);
        Assert.Contains(report.Warnings, warning => warning.Message.Contains("silent for", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Hello.", true)]
    [InlineData(FiveSeconds, false)]
    [InlineData("今天天气很好，我们去公园走走吧。", false)]
    [InlineData("The river runs past the old mill. The river runs past the old mill. The river runs past the old mill. The river runs past the old mill. The river runs past the old mill. The river runs past the old mill.", true)]
    public void Measure_TranscriptThatCannotBeIt_IsWarnedOf(string transcript, bool warned) => Assert.Equal(
        warned, RecordingCheck.Measure(Voices.Speak(5), transcript).Warnings.Any(warning => warning.Message.Contains("syllables", StringComparison.Ordinal)));

    [Theory]
    [InlineData("", 0)]
    [InlineData("mill", 1)]
    [InlineData("Nobody looks up!", 5)]
    [InlineData("été", 2)]
    [InlineData("Mr. 12", 3)]
    [InlineData("今天 good", 3)]
    [InlineData("안녕하세요", 5)]
    [InlineData("ありがとう", 5)]
    [InlineData("привет", 3)]
    public void Syllables_Count(string text, double expected) => Assert.Equal(expected, Syllables.Count(text));
}
