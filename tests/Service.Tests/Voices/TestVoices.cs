using CosyOrleans.Service.Voices;
using CosyVoice.Engine;
using CosyVoice.Enrolment;

namespace CosyOrleans.Service.Tests.Voices;

/// <summary>Voices of the catalogue for the model of the tests.</summary>
internal static class TestVoices
{
    public static string NewId() => $"v-{Guid.NewGuid():N}";

    /// <summary>One without a prompt; it sounds different for each tone.</summary>
    public static VoiceProfile Plain(string id, int tone = 1) => new()
    {
        Id = id,
        Name = "Plain",
        ModelKind = "tone",
        Content = new Speaker { Id = id, Embedding = [.. Enumerable.Repeat(tone / 64f, Speaker.EmbeddingSize)] },
    };

    /// <summary>One with everything.</summary>
    public static VoiceProfile Full(string id) => new()
    {
        Id = id,
        Name = "Ana María 小明",
        Owner = "team-1",
        Transcript = "What was said.\nTwice.",
        Consent = "I agree.",
        ModelKind = "tone",
        Content = new Speaker
        {
            Id = id,
            Embedding = [.. Enumerable.Range(0, Speaker.EmbeddingSize).Select(i => i / 7f)],
            PromptText = [1, 2, 3],
            PromptSpeechTokens = [4, 5],
            FlowPromptTokens = [6, 7, 8],
            PromptMel = [.. Enumerable.Range(0, 6 * Speaker.MelBins).Select(i => -i / 3f)],
        },
    };

    /// <summary>One with everything, and a report on its recording.</summary>
    public static VoiceProfile Reported(string id) => Full(id) with
    {
        Report = new RecordingReport
        {
            Seconds = 2.5, SampleRate = 44_100, Channels = 2, PeakDecibels = -3, ClippedShare = 0, SignalToNoiseDecibels = 41.5, LeadingSilence = 0.25,
            TrailingSilence = 0.5, SyllablesPerSecond = 4, Warnings = [new RecordingProblem("It is short.", "Speak on.")],
        },
    };

    /// <summary>Where nothing is said beside a file.</summary>
    public static VoiceProfile Undescribed { get; } = new() { Id = "", Name = "", ModelKind = "", Content = new Speaker { Id = "", Embedding = [] } };

    public static void AssertSame(VoiceProfile expected, VoiceProfile actual)
    {
        Assert.Equal(expected.Report?.Warnings, actual.Report?.Warnings);
        var report = actual.Report is { } found ? expected.Report! with { Warnings = found.Warnings } : expected.Report;
        Assert.Equal(expected with { Content = actual.Content, Report = report }, actual);
        AssertSameSpeaker(expected.Content, actual.Content);
    }

    public static void AssertSameSpeaker(Speaker expected, Speaker actual)
    {
        Assert.Equal(expected.Id, actual.Id);
        Assert.Equal(expected.Embedding, actual.Embedding);
        Assert.Equal(expected.PromptText, actual.PromptText);
        Assert.Equal(expected.PromptSpeechTokens, actual.PromptSpeechTokens);
        Assert.Equal(expected.FlowPromptTokens, actual.FlowPromptTokens);
        Assert.Equal(expected.PromptMel, actual.PromptMel);
    }
}
