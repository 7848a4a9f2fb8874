using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Text;

namespace CosyVoice.Tests.Engine;

public sealed class PromptRulesTests
{
    private const string Greeting = "You are a helpful assistant.<|endofprompt|>";

    private static readonly Tokenizer Second = Tokenizer.ForCosyVoice2(Repository.Fixture("text/tiny_tokenizer"));
    private static readonly Tokenizer Third = Tokenizer.ForCosyVoice3(Repository.Fixture("text/tiny_tokenizer"));

    private static readonly Speaker Recorded = new()
    {
        Id = "a", Embedding = new float[192], PromptText = Third.Encode("Hello."), PromptSpeechTokens = [1, 2], FlowPromptTokens = [1, 2], PromptMel = new float[320],
    };

    [Fact]
    public void Apply_CosyVoice2_GivesWhatTheModeNames()
    {
        var rules = new PromptRules(ModelKind.CosyVoice2, Second);

        Assert.Equal(Recorded.PromptText, rules.Apply(Recorded, SpeechMode.ZeroShot, "", [9]).PromptText);
        var crossLingual = rules.Apply(Recorded, SpeechMode.CrossLingual, "", [9]);
        Assert.Empty(crossLingual.PromptText);
        Assert.Empty(crossLingual.PromptSpeechTokens);
        Assert.Same(Recorded.FlowPromptTokens, crossLingual.FlowPromptTokens);
        var instructed = rules.Apply(Recorded, SpeechMode.Instruct, "用四川话说这句话", [9]);
        Assert.Equal(Second.Encode("用四川话说这句话<|endofprompt|>"), instructed.PromptText);
        Assert.Empty(instructed.PromptSpeechTokens);
        var plain = rules.Apply(Recorded, SpeechMode.Sft, "", [9]);
        Assert.Equal(0, plain.PromptText.Length + plain.PromptSpeechTokens.Length + plain.FlowPromptTokens.Length + plain.PromptMel.Length);
        Assert.Same(Recorded.Embedding, plain.Embedding);
    }

    [Fact]
    public void Apply_CosyVoice3WithoutEndOfPrompt_PutsTheGreetingInFront()
    {
        var rules = new PromptRules(ModelKind.CosyVoice3, Third);

        Assert.Equal(Third.Encode(Greeting + "Hello."), rules.Apply(Recorded, SpeechMode.ZeroShot, "", [9]).PromptText);
        Assert.Equal(Third.Encode(Greeting), rules.Apply(Recorded, SpeechMode.CrossLingual, "", [9]).PromptText);
        Assert.Equal(Third.Encode(Greeting), rules.Apply(Recorded, SpeechMode.Sft, "", [9]).PromptText);
    }

    [Fact]
    public void Apply_CosyVoice3WithEndOfPrompt_AddsNothing()
    {
        var rules = new PromptRules(ModelKind.CosyVoice3, Third);
        var saved = Recorded with { PromptText = Third.Encode(Greeting + "Hello.") };
        var text = Third.Encode("Speak slowly.<|endofprompt|>Hi.");

        Assert.Equal(saved.PromptText, rules.Apply(saved, SpeechMode.ZeroShot, "", [9]).PromptText);
        Assert.Equal(Recorded.PromptText, rules.Apply(Recorded, SpeechMode.ZeroShot, "", text).PromptText);
        Assert.Empty(rules.Apply(Recorded, SpeechMode.CrossLingual, "", text).PromptText);
    }

    [Theory]
    [InlineData("请用四川话表达。")]
    [InlineData("You are a helpful assistant. 请用四川话表达。")]
    [InlineData("You are a helpful assistant. 请用四川话表达。<|endofprompt|>")]
    public void Apply_CosyVoice3Instruction_IsWrappedOnce(string instruction) => Assert.Equal(
        Third.Encode("You are a helpful assistant. 请用四川话表达。<|endofprompt|>"),
        new PromptRules(ModelKind.CosyVoice3, Third).Apply(Recorded, SpeechMode.Instruct, instruction, [9]).PromptText);

    [Fact]
    public void Instructions_AreThoseOfTheReference()
    {
        var prompts = new Parity.Fixture(Repository.Fixture("text")).ReadJson("prompts.json").GetProperty("v3_instruct_list");
        string[] known = [.. Instructions.Dialects.Values, .. Instructions.Emotions.Values, .. Instructions.Manners.Values];

        Assert.Equal(
            prompts.EnumerateArray().Select(prompt => prompt.GetString()).Order(StringComparer.Ordinal),
            known.Select(text => $"You are a helpful assistant. {text}<|endofprompt|>").Order(StringComparer.Ordinal));
    }
}
