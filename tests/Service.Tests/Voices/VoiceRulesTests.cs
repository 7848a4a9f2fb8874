using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Tests.Voices;

public sealed class VoiceRulesTests
{
    private static readonly VoiceProfile Good = TestVoices.Full("eva");

    public static TheoryData<string, VoiceProfile> Accepted => new()
    {
        { "full", Good },
        { "plain", TestVoices.Plain("eva") },
        { "longest id", Good with { Id = new string('a', VoiceRules.MaxIdLength) } },
        { "longest name", Good with { Name = new string('a', VoiceRules.MaxNameLength) } },
        { "longest consent", Good with { Consent = new string('a', VoiceRules.MaxTextLength), Transcript = "" } },
        { "longest prompt", With(c => c with { FlowPromptTokens = new int[VoiceRules.MaxPromptTokens], PromptMel = new float[VoiceRules.MaxPromptFrames * Speaker.MelBins] }) },
    };

    public static TheoryData<string, VoiceProfile> Refused => new()
    {
        { "id", Good with { Id = "a b" } },
        { "id", Good with { Id = new string('a', VoiceRules.MaxIdLength + 1) } },
        { "id", Good with { Id = "中文女" } },
        { "name", Good with { Name = "" } },
        { "name", Good with { Name = "a\0" } },
        { "owner", Good with { Owner = "" } },
        { "model kind", Good with { ModelKind = "" } },
        { "transcript", Good with { Transcript = new string('a', VoiceRules.MaxTextLength + 1) } },
        { "consent", Good with { Consent = "\ud800" } },
        { "embedding", With(c => c with { Embedding = new float[191] }) },
        { "finite", With(c => c with { Embedding = [float.NaN, .. new float[191]] }) },
        { "finite", With(c => c with { PromptMel = [.. new float[79], float.PositiveInfinity] }) },
        { "whole frames", With(c => c with { PromptMel = new float[81] }) },
        { "prompt text ids", With(c => c with { PromptText = new int[VoiceRules.MaxPromptText + 1] }) },
        { "prompt speech tokens", With(c => c with { PromptSpeechTokens = new int[VoiceRules.MaxPromptTokens + 1] }) },
        { "flow prompt tokens", With(c => c with { FlowPromptTokens = new int[VoiceRules.MaxPromptTokens + 1] }) },
        { "prompt mel frames", With(c => c with { PromptMel = new float[(VoiceRules.MaxPromptFrames + 1) * Speaker.MelBins] }) },
        { "below 0", With(c => c with { PromptText = [-1] }) },
        { "without the flow prompt", With(c => c with { FlowPromptTokens = [] }) },
    };

    [Theory]
    [MemberData(nameof(Accepted))]
    public void Violations_GoodVoice_None(string name, VoiceProfile voice) => Assert.True(!VoiceRules.Violations(voice).Any(), name);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Violations_OneThingWrong_NameIt(string word, VoiceProfile voice)
    {
        var violation = Assert.Single(VoiceRules.Violations(voice));

        Assert.Contains(word, violation.Message);
        Assert.NotEmpty(violation.Solution);
    }

    private static VoiceProfile With(Func<Speaker, Speaker> change) => Good with { Content = change(Good.Content) };
}
