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
        { SpeechErrorCodes.NotOffered, Good with { Mode = "zero_shot" } },
        { SpeechErrorCodes.NotOffered, Good with { SampleRate = 8000 } },
        { SpeechErrorCodes.NotOffered, Good with { ReferenceAudio = "UklGRg==" } },
        { SpeechErrorCodes.NotOffered, Good with { ReferenceText = "hi" } },
        { SpeechErrorCodes.NotOffered, Good with { Emotion = "sad" } },
        { SpeechErrorCodes.NotOffered, Good with { Dialect = "cantonese" } },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Check_GoodRequest_GivesItsSegments(string name, SpeakRequest request)
    {
        Assert.True(Rules().Check(request).Count > 0, name);
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
            Mode = "vc",
            SampleRate = 1,
            Emotion = "sad",
            Unreadable = [new Violation(SpeechErrorCodes.RequestInvalid, "There is no field 'x'.", "Leave x out.")],
        };

        var e = Assert.Throws<SpeechException>(() => Rules().Check(request));

        Assert.Equal(SpeechErrorCodes.RequestInvalid, e.Code);
        foreach (var part in new[] { "'x'", "nothing in the text", "'zoe'", "speed is 9", "seed is 0" })
        {
            Assert.Contains(part, e.Message);
        }

        foreach (var part in new[] { "task_id '/'", "Mode vc", "sample_rate 1", "emotion" })
        {
            Assert.Contains(part, e.Message);
        }

        foreach (var part in new[] { "Leave x out", "amy, ben", "0.5 to 2.0", "1 to 100,000,000" })
        {
            Assert.Contains(part, e.Solution);
        }
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

        var e = Assert.Throws<SpeechException>(() => Rules(model).Check(Good));

        Assert.Equal((SpeechErrorCodes.TextUnsupported, SpeechErrorKind.Invalid), (e.Code, e.Kind));
        Assert.Contains("[qq]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[xx]", e.Message, StringComparison.Ordinal);
    }

    private static SpeakRequestRules Rules(ToneModel? model = null) => new(model ?? new ToneModel(), null, new SynthesisOptions { MaxTextCharacters = 50 });
}
