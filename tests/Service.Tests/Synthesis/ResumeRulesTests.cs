using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Tests.Synthesis;

public sealed class ResumeRulesTests
{
    private static readonly SpeakRequest Request = new() { Text = "One. Two.", SpeakerId = "amy", Seed = 1 };

    public static TheoryData<SpeechResumption> Accepted =>
    [
        new SpeechResumption(0, 0, null),
        new SpeechResumption(3, 1440, null),
        new SpeechResumption(3, 1440, At(0, 0)),
        new SpeechResumption(3, 1440, At(1, 1440)),
        new SpeechResumption(long.MaxValue / 480, long.MaxValue / 480 * 480, null),
    ];

    public static TheoryData<SpeechResumption, string> Refused => new()
    {
        { new(-1, -480, null), "frame wanted is -1" },
        { new(3, 1439, null), "1439 samples are not what 3 frames of 480 hold" },
        { new(3, 1441, null), "1441 samples" },
        { new(0, -480, null), "-480 samples" },
        { new(long.MaxValue, long.MaxValue, null), "samples are not" },
        { new(3, 1440, At(0, 1441)), "at sample 1441, outside the 1440" },
        { new(3, 1440, At(0, -1)), "at sample -1" },
        { new(3, 1440, At(2, 1440)), "segment 2; the text has segments 0 to 1" },
        { new(3, 1440, At(-1, 1440)), "segment -1" },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Check_PossiblePlace_FindsNothing(SpeechResumption resume) => Assert.Empty(Check(Request, resume));

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_ImpossiblePlace_SaysWhatIsWrong(SpeechResumption resume, string part)
    {
        var violation = Assert.Single(Check(Request, resume));

        Assert.Equal(SpeechErrorCodes.ResumeInvalid, violation.Code);
        Assert.Contains(part, violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SeedAndVoiceLeftOut_NamesBoth() =>
        Assert.Equal(2, Check(Request with { Seed = null, SpeakerId = null }, new SpeechResumption(1, 480, null)).Count());

    [Fact]
    public void Check_NothingHeardYet_SeedAndVoiceMayBeOpen() =>
        Assert.Empty(Check(Request with { Seed = null, SpeakerId = null }, new SpeechResumption(0, 0, null)));

    [Fact]
    public async Task SpeakAsync_ImpossiblePlace_IsRefused()
    {
        await using var service = await TestService.StartAsync();

        var e = await Assert.ThrowsAsync<SpeechException>(
            () => service.SpeakAsync(Request with { Resume = new SpeechResumption(1, 1, null) }));

        Assert.Equal(SpeechErrorCodes.ResumeInvalid, e.Code);
    }

    private static IEnumerable<Violation> Check(SpeakRequest request, SpeechResumption resume) =>
        ResumeRules.Check(request, resume, segments: 2, frameSamples: 480);

    private static SpeechCheckpoint At(int segment, long offset) => new() { Segment = segment, SampleOffset = offset };
}
