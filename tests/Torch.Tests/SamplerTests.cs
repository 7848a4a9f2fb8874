using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Torch.LanguageModel;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Tests;

/// <summary>Tokens drawn on a device are those that the processor draws from the same scores.</summary>
public sealed class SamplerTests
{
    private const int SpeechTokens = 6561;
    private const int Special = 200;
    private const int Ids = SpeechTokens + Special;

    private static readonly Device Device = TestDevice.Backend().Weights().Device;
    private static readonly SamplingRules Rules = new();

    /// <summary>From flat to peaked; the largest ids are often among the last tokens, and most rows may not end.</summary>
    [Theory]
    [InlineData(0.8, 25, 10, 0.1)]
    [InlineData(0.95, 100, 10, 0.3)]
    [InlineData(0.8, 1, 0, 0.1)]
    [InlineData(1, 1000, 4, 0.25)]
    public void Draw_ManyRows_AreTheProcessors(double topP, int topK, int windowSize, double tauR)
    {
        var rules = new SamplingRules { TopP = topP, TopK = topK, WindowSize = windowSize, TauR = tauR };
        var rows = Enumerable.Range(0, 160).Select(i => Row(i, peak: i % 20)).ToArray();
        var host = new RepetitionAwareSampler(rules);

        var drawn = Draw(rules, rows);

        var expected = rows.Select(row => host.Sample(Allowed(row), row.Draw)).ToArray();
        Assert.Equal(expected, drawn);
        Assert.True(windowSize == 0 || expected.Select(token => token.Draws).Distinct().Count() == 2, "both draws occur");
    }

    [Fact]
    public void Draw_AmongOthers_GivesTheSameToken()
    {
        var rows = Enumerable.Range(0, 40).Select(i => Row(i, peak: 3)).ToArray();

        var together = Draw(Rules, rows);

        Assert.Equal(together, rows.SelectMany(row => Draw(Rules, row)));
        Assert.Equal(together.Reverse(), Draw(Rules, [.. rows.Reverse()]));
    }

    [Fact]
    public void Draw_EqualScores_TakesThemByRisingId()
    {
        var flat = new float[Ids];
        Assert.Equal(0, Draw(new() { TopK = 1 }, (flat, new([], _ => 0.9, Range.All)))[0].Id);
        Assert.Equal(22, Draw(Rules, (flat, new([], _ => 0.9, Range.All)))[0].Id); // 0.9 of 25 ids.
        Assert.Equal(Ids - 1, Draw(Rules, (flat, new([22], i => i == 0 ? 0.9 : 1 - (1.0 / (1UL << 53)), Range.All)))[0].Id);
        Assert.Equal(24, Draw(Rules, (flat, new([], _ => 1 - (1.0 / (1UL << 53)), Range.All)))[0].Id);
    }

    [Fact]
    public void Draw_ForbiddenIds_AreNeverDrawn()
    {
        var scores = new float[Ids];
        scores.AsSpan(SpeechTokens).Fill(20);

        foreach (var (special, expected) in new (Range, int)[] { (3..4, SpeechTokens + 3), (199..200, SpeechTokens + 199), (0..0, 12) })
        {
            Assert.Equal(new DrawnToken(expected, 1), Draw(Rules, (scores, new([], _ => 0.5, special)))[0]);
        }
    }

    [Fact]
    public void Draw_ScoresThatAreNoNumbers_SaysSoAndTouchesNobodyElse()
    {
        var (good, bad, endless) = (Row(1, 3), Row(2, 3), Row(3, 3));
        bad.Scores[17] = float.NaN;
        endless.Scores[5000] = float.PositiveInfinity;

        var drawn = Draw(Rules, good, bad, good, endless);

        var alone = Draw(Rules, good)[0];
        Assert.Equal([alone.Id, -1, alone.Id, -1], drawn.Select(token => token.Id));
    }

    /// <summary>A whole step: scores stay on the device, prompts that go on draw nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public void Sample_StepOfTheModel_IsForwardAndTheProcessorsSampler(int decodeRows)
    {
        using var model = LanguageModels.Load(LanguageModels.Options(decodeRows, positions: 16384));
        var (onDevice, onHost) = (Tokens(model, new TorchSampler(Rules, Device)), Tokens(model, new RepetitionAwareSampler(Rules)));

        Assert.Equal(onHost, onDevice);
        Assert.True(onHost.SelectMany(tokens => tokens).Distinct().Count() > 20);
    }

    /// <summary>Five sequences with prompts of several lengths, decoded together.</summary>
    private static List<int>[] Tokens(TorchLanguageModel model, ITokenSampler sampler)
    {
        List<int>[] tokens = [[], [], [], [], []];
        var caches = tokens.Select(_ => model.CreateCache()).ToArray();
        var inputs = tokens.Select((_, i) => LanguageModels.Prompt(20 + (7 * i), i)).ToArray();
        for (var step = 0; step < 12; step++)
        {
            var drawn = Enumerable.Repeat(new DrawnToken(-7, 0), tokens.Length).ToArray();
            model.Sample([.. tokens.Select((_, i) => Step(i, step))], sampler, drawn);
            for (var i = 0; i < tokens.Length; i++)
            {
                Assert.Equal(IsPrompt(i, step), drawn[i].Id == -7);
                if (!IsPrompt(i, step))
                {
                    tokens[i].Add(drawn[i].Id);
                }
            }
        }

        Array.ForEach(caches, cache => cache.Dispose());
        return tokens;

        static bool IsPrompt(int i, int step) => i == 4 && step < 3;

        LanguageModelStep Step(int i, int step)
        {
            var known = tokens[i];
            if (IsPrompt(i, step))
            {
                return new(caches[i], inputs[i].AsMemory(step * 10, 10));
            }

            ReadOnlyMemory<LanguageModelInput> next = known.Count > 0 ? new[] { LanguageModelInput.Speech(known[^1]) } : inputs[i].AsMemory(i == 4 ? 30 : 0);
            return new(caches[i], next) { Draw = new(known, draw => CounterRandom.Uniform(9, i, known.Count, draw), 0..0) };
        }
    }

    private static DrawnToken[] Draw(SamplingRules rules, params (float[] Scores, TokenDraw Draw)[] rows)
    {
        using var scope = NewDisposeScope();
        var (sampler, numbers) = (new TorchSampler(rules, Device), new List<long>());
        sampler.Write(rows.Select(row => row.Draw), numbers, Special);
        var scores = tensor(rows.SelectMany(row => row.Scores).ToArray(), [rows.Length, Ids]).to(Device);
        return TorchSampler.Read(sampler.Draw(scores, SpeechTokens, tensor(numbers.ToArray()).to(Device)));
    }

    private static (float[] Scores, TokenDraw Draw) Row(int seed, int peak)
    {
        var random = new Random(seed);
        var scores = new float[Ids];
        for (var id = 0; id < Ids; id++)
        {
            scores[id] = peak * random.NextSingle();
        }

        int[] likely = [.. Enumerable.Range(0, SpeechTokens).OrderByDescending(id => scores[id]).Take(3)];
        Array.ForEach(likely, id => scores[id] += 8);
        int[] decoded = seed % 2 == 0 ? [5, .. likely, .. likely, .. likely] : [.. Enumerable.Range(0, seed % 14).Select(_ => random.Next(SpeechTokens))];
        var special = (seed % 3) switch { 0 => Range.All, 1 => 0..0, _ => 7..8 };
        return (scores, new(decoded, draw => CounterRandom.Uniform(seed, 1, 2, draw), special));
    }

    private static float[] Allowed((float[] Scores, TokenDraw Draw) row)
    {
        float[] scores = [.. row.Scores];
        var (start, length) = row.Draw.Special.GetOffsetAndLength(Special);
        scores.AsSpan(SpeechTokens, start).Fill(float.NegativeInfinity);
        scores.AsSpan(SpeechTokens + start + length).Fill(float.NegativeInfinity);
        return scores;
    }
}
