using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class SpeakRequestRulesTests
{
    private static readonly SpeakRequest Good = new() { Text = "Hello.", SpeakerId = "amy" };

    public static TheoryData<string, SpeakRequest> Accepted => new()
    {
        { "plain", Good },
        { "default voice", Good with { SpeakerId = null } },
        { "mode", Good with { Mode = "sft" } },
        { "slowest", Good with { Speed = 0.5 } },
        { "fastest", Good with { Speed = 2.0 } },
        { "first seed", Good with { Seed = 1 } },
        { "last seed", Good with { Seed = 100_000_000 } },
        { "task", Good with { TaskId = "chapter-1_a.2" } },
        { "longest task", Good with { TaskId = new string('a', 64) } },
        { "own rate", Good with { SampleRate = 24000 } },
        { "neutral", Good with { Emotion = "neutral", Dialect = "", ReferenceAudio = "", ReferenceText = "" } },
        { "zero_shot, voice with a recording", Good with { Mode = "zero_shot", SpeakerId = "rec" } },
        { "zero_shot, reference", Good with { Mode = "zero_shot", SpeakerId = null, ReferenceAudio = "UklGRg==", ReferenceText = "hi" } },
        { "cross_lingual, reference", Good with { Mode = "cross_lingual", SpeakerId = null, ReferenceAudio = "data:audio/wav;base64,UklGRg==" } },
        { "sft, reference", Good with { Mode = "sft", SpeakerId = null, ReferenceAudio = "UklGRg==" } },
        { "emotion", Good with { Emotion = "sad" } },
        { "dialect", Good with { Mode = "instruct", Dialect = "cantonese" } },
        { "all of it", Good with { Dialect = "sichuan", Emotion = "angry", Instruction = "soft" } },
        { "longest instruction", Good with { Instruction = new string('a', 500) } },
        { "longest text", Good with { Text = new string('a', 50) } },
    };

    public static TheoryData<string, SpeakRequest> Refused => new()
    {
        { SpeechErrorCodes.RequestInvalid, Good with { Text = null } },
        { SpeechErrorCodes.TextEmpty, Good with { Text = "" } },
        { SpeechErrorCodes.TextEmpty, Good with { Text = " \n\t " } },
        { SpeechErrorCodes.TextEmpty, Good with { Text = "?!…" } },
        { SpeechErrorCodes.TextTooLong, Good with { Text = new string('a', 51) } },
        { SpeechErrorCodes.TextUnsupported, Good with { Text = "a\0b" } },
        { SpeechErrorCodes.VoiceUnknown, Good with { SpeakerId = "zoe" } },
        { SpeechErrorCodes.VoiceUnknown, Good with { SpeakerId = "" } },
        { SpeechErrorCodes.VoiceUnknown, Good with { SpeakerId = "AMY" } },
        { SpeechErrorCodes.VoiceUnknown, Good with { SpeakerId = "../../etc/passwd" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Speed = 0.499 } },
        { SpeechErrorCodes.RequestInvalid, Good with { Speed = 2.001 } },
        { SpeechErrorCodes.RequestInvalid, Good with { Speed = double.NaN } },
        { SpeechErrorCodes.RequestInvalid, Good with { Speed = double.PositiveInfinity } },
        { SpeechErrorCodes.RequestInvalid, Good with { Seed = 0 } },
        { SpeechErrorCodes.RequestInvalid, Good with { Seed = 100_000_001 } },
        { SpeechErrorCodes.RequestInvalid, Good with { Seed = long.MinValue } },
        { SpeechErrorCodes.RequestInvalid, Good with { TaskId = "" } },
        { SpeechErrorCodes.RequestInvalid, Good with { TaskId = "../x" } },
        { SpeechErrorCodes.RequestInvalid, Good with { TaskId = "a b" } },
        { SpeechErrorCodes.RequestInvalid, Good with { TaskId = "a\r\nX-Evil: 1" } },
        { SpeechErrorCodes.RequestInvalid, Good with { TaskId = new string('a', 65) } },
        { SpeechErrorCodes.RequestInvalid, Good with { Mode = "sing" } },
        { SpeechErrorCodes.VoiceUnsuitable, Good with { Mode = "zero_shot" } },
        { SpeechErrorCodes.VoiceUnsuitable, Good with { Mode = "zero_shot", SpeakerId = null } },
        { SpeechErrorCodes.VoiceUnsuitable, Good with { Mode = "cross_lingual" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Mode = "zero_shot", SpeakerId = null, ReferenceAudio = "UklGRg==" } },
        { SpeechErrorCodes.RequestInvalid, Good with { ReferenceAudio = "UklGRg==" } },
        { SpeechErrorCodes.RecordingInvalid, Good with { SpeakerId = null, ReferenceAudio = "UklGRg=" } },
        { SpeechErrorCodes.RecordingInvalid, Good with { SpeakerId = null, ReferenceAudio = "data:audio/wav;base64," } },
        { SpeechErrorCodes.RequestInvalid, Good with { ReferenceText = "hi" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Mode = "instruct" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Mode = "instruct", Emotion = "neutral" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Mode = "sft", Emotion = "sad" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Emotion = "bored" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Dialect = "klingon" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Instruction = " " } },
        { SpeechErrorCodes.RequestInvalid, Good with { Instruction = new string('a', 501) } },
        { SpeechErrorCodes.RequestInvalid, Good with { Instruction = new string('a', 499), Dialect = "sichuan" } },
        { SpeechErrorCodes.TextUnsupported, Good with { Instruction = "a\0b" } },
        { SpeechErrorCodes.RequestInvalid, Good with { SourceAudio = "UklGRg==" } },
        { SpeechErrorCodes.RequestInvalid, Good with { Text = null, SpeakerId = "rec", Mode = "vc" } },
        { SpeechErrorCodes.RequestInvalid, Good with { SpeakerId = "rec", Mode = "vc", SourceAudio = "UklGRg==" } },
        { SpeechErrorCodes.VoiceUnsuitable, Good with { Text = null, Mode = "vc", SourceAudio = "UklGRg==" } },
        { SpeechErrorCodes.NotOffered, Good with { SampleRate = 8000 } },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Check_GoodRequest_GivesItsSegments(string name, SpeakRequest request)
    {
        Assert.True(Rules().Check(request).Segments.Count > 0, name);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_OneThingWrong_NamesItAndASolution(string code, SpeakRequest request)
    {
        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        Assert.Equal((code, SpeechErrorKind.Invalid), (e.Code, e.Kind));
        Assert.NotEmpty(e.Message);
        Assert.NotEmpty(e.Solution);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Check_ManyThingsWrong_ReportsAllAtOnce()
    {
        var request = new SpeakRequest
        {
            Text = "",
            SpeakerId = "zoe",
            Speed = 9,
            Seed = 0,
            TaskId = "/",
            Mode = "sing",
            SampleRate = 1,
            Emotion = "bored",
            Dialect = "klingon",
            ReferenceText = "hi",
            Unreadable = [new Violation(SpeechErrorCodes.RequestInvalid, "There is no field 'x'.", "Leave x out.")],
        };

        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        Assert.Equal(SpeechErrorCodes.RequestInvalid, e.Code);
        foreach (var part in new[] { "'x'", "nothing in the text", "'zoe'", "speed is 9", "seed is 0" })
        {
            Assert.Contains(part, e.Message);
        }

        foreach (var part in new[] { "task_id '/'", "mode 'sing'", "sample_rate 1", "emotion 'bored'", "dialect 'klingon'", "reference_text" })
        {
            Assert.Contains(part, e.Message);
        }

        foreach (var part in new[] { "Leave x out", "amy, ben, rec", "zero_shot, cross_lingual", "angry, happy", "sichuan", "0.5 to 2.0", "1 to 100,000,000" })
        {
            Assert.Contains(part, e.Solution);
        }
    }

    [Fact]
    public void Check_RecordingTooLarge_NamesTheLimit()
    {
        var request = Good with { SpeakerId = null, ReferenceAudio = new string('A', 17_000_000) };

        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        Assert.Equal(SpeechErrorCodes.RecordingInvalid, e.Code);
        Assert.Contains("12582912", e.Message);
    }

    [Fact]
    public void Check_EverythingWrongAboutConversion_ReportsAllAtOnce()
    {
        var request = Good with { Mode = "vc", Emotion = "sad" };

        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        foreach (var part in new[] { "'amy' is not", "takes no emotion", "needs source_audio", "takes no text" })
        {
            Assert.Contains(part, e.Message);
        }

        Assert.Contains("'rec'", e.Solution);
    }

    [Fact]
    public void Check_Conversion_HasNoSegmentsYetAndBothRecordings()
    {
        var request = new SpeakRequest { Mode = "vc", ReferenceAudio = "AAEC", SourceAudio = "Aw==" };

        var (segments, recordings) = Rules().Check(request);

        Assert.Empty(segments);
        Assert.Equal([0, 1, 2], recordings.Reference!);
        Assert.Equal([3], recordings.Source!);
    }

    [Fact]
    public void Check_ZeroShotWithVoiceWithoutTranscript_PointsToCrossLingual()
    {
        var voice = Voices.TestVoices.Full("eva");
        voice = voice with { Content = voice.Content with { PromptText = [], PromptSpeechTokens = [] } };
        var rules = new SpeakRequestRules(new ToneModel(), voice, new SynthesisOptions());

        var e = Assert.Throws<SpeechException>(() => rules.Check(Good with { SpeakerId = "eva", Mode = "zero_shot" }));

        Assert.Equal(SpeechErrorCodes.VoiceUnsuitable, e.Code);
        Assert.Contains("cross_lingual", e.Solution);
    }

    [Fact]
    public void Check_TextUnreadable_DoesNotAlsoCallItMissing()
    {
        var unreadable = new Violation(SpeechErrorCodes.RequestInvalid, "text is a number, not text.", "Give text as text.");
        var request = new SpeakRequest { Unreadable = [unreadable] };

        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        Assert.Equal("text is a number, not text.", e.Message);
    }

    [Fact]
    public void Check_UnknownPronunciationMarks_NamesEach()
    {
        var model = new ToneModel { UnknownMarks = ["[qq] is no mark.", "[xx] is no mark."] };

        var e = Assert.Throws<SpeechException>(() => new SpeakRequestRules(model, null, new SynthesisOptions()).Check(Good));

        Assert.Equal((SpeechErrorCodes.TextUnsupported, SpeechErrorKind.Invalid), (e.Code, e.Kind));
        Assert.Contains("[qq]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[xx]", e.Message, StringComparison.Ordinal);
    }

    private static SpeakRequestRules Rules() => new(new ToneModel { VoiceIds = ["amy", "ben", "rec"], Recorded = ["rec"] }, null, new SynthesisOptions { MaxTextCharacters = 50 });
}
