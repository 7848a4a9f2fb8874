using CosyVoice.Engine;

namespace CosyVoice.Tests.Engine;

public class SpeakerCheckTests
{
    private static readonly Speaker Good = new() { Id = "eva", Embedding = new float[Speaker.EmbeddingSize] };

    [Fact]
    public void WhyNot_WhatTheModelHasNoPlaceFor_IsNamed()
    {
        using var model = SpeechModel.Load(Repository.File("models/default"), threads: 1);
        var speech = Enumerable.Repeat(1, 2).ToArray();

        Assert.Null(model.WhyNot(Good));
        Assert.Null(model.WhyNot(Good with { PromptText = [1], PromptSpeechTokens = speech, FlowPromptTokens = speech, PromptMel = new float[4 * Speaker.MelBins] }));
        Assert.All(model.Speakers.Values, speaker => Assert.Null(model.WhyNot(speaker)));
        Assert.Contains("embedding", model.WhyNot(Good with { Embedding = [1] }));
        Assert.Contains("prompt text id 1000000000", model.WhyNot(Good with { PromptText = [1, 1_000_000_000] }));
        Assert.Contains("prompt speech token 6561", model.WhyNot(Good with { PromptSpeechTokens = [0, 6561] }));
        Assert.Contains("flow prompt token -1", model.WhyNot(Good with { FlowPromptTokens = [-1] }));
        Assert.Contains("5 frames", model.WhyNot(Good with { FlowPromptTokens = speech, PromptMel = new float[5 * Speaker.MelBins] }));
    }
}
