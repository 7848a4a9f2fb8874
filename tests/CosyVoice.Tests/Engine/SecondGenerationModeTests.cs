using CosyVoice.Engine;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Engine;

/// <summary>Every mode of the built-in voice, of which a recording is made up, cut off and continued.</summary>
public sealed class SecondGenerationModeTests(BuiltInVoice voice) : IClassFixture<BuiltInVoice>
{
    [Theory]
    [InlineData(SpeechMode.ZeroShot)]
    [InlineData(SpeechMode.CrossLingual)]
    [InlineData(SpeechMode.Instruct)]
    [InlineData(SpeechMode.Sft)]
    [InlineData(SpeechMode.Conversion)]
    public async Task SpeakAsync_FromAnyCheckpoint_GivesTheRestBitForBit(SpeechMode mode)
    {
        using var engine = new SpeechEngine(voice.Model);
        var whole = await Speech.CollectAsync(engine, Request(mode));
        Assert.True(whole.Count > 1, "A speech of several chunks is wanted.");
        foreach (var i in new[] { 1, whole.Count - 1 }.Distinct())
        {
            Speech.AssertSame(whole[i..], await Speech.CollectAsync(engine, Request(mode) with { Resume = Speech.Posted(whole[i - 1].Checkpoint!) }));
        }
    }

    [Fact]
    public async Task SpeakAsync_SftOfARecordedVoice_IsThatOfAVoiceWithoutRecording()
    {
        using var engine = new SpeechEngine(voice.Model);
        var recorded = await Speech.CollectAsync(engine, Request(SpeechMode.Sft));
        var plain = await Speech.CollectAsync(engine, Request(SpeechMode.ZeroShot) with { Speaker = voice.Speakers[0] });
        Speech.AssertSame(plain, recorded);
    }

    private SpeechRequest Request(SpeechMode mode)
    {
        int[] spoken = [.. Enumerable.Range(0, 27).Select(i => 37 * i)];
        return new()
        {
            Segments = mode == SpeechMode.Conversion
                ? SpeechModel.PrepareSource([.. Enumerable.Range(0, 70).Select(i => i * 11)])
                : [.. voice.Model.Prepare("The weather is very nice this morning."), .. voice.Model.Prepare("We walk along the river.")],
            Speaker = voice.Speakers[0] with
            {
                PromptText = [5, 6, 7],
                PromptSpeechTokens = spoken,
                FlowPromptTokens = spoken,
                PromptMel = Samples.Uniform(2 * 27 * Speaker.MelBins, seed: 1),
            },
            Mode = mode,
            Instruction = mode == SpeechMode.Instruct ? "用四川话说这句话" : "",
            Seed = 7,
        };
    }
}
