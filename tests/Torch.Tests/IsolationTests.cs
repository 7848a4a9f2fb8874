using CosyVoice.Engine;
using CosyVoice.Torch.LanguageModel;

namespace CosyVoice.Torch.Tests;

/// <summary>A sequence's scores depend on the sequence alone, to the last bit.</summary>
public sealed class IsolationTests
{
    private const int Steps = 6;

    public static TheoryData<string, TorchPrecision, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, TorchPrecision, int>
            {
                { "fixture", TorchPrecision.Float32, 16 },
                { "fixture", TorchPrecision.Float32, 5 },
                { "fixture", TorchPrecision.Float32, 1 },
                { "default", TorchPrecision.Float32, 16 },
                { "wide", TorchPrecision.Float32, 16 },
                { "wide", TorchPrecision.Float32, 64 },
            };
            foreach (var precision in LanguageModels.Halves)
            {
                cases.Add("default", precision, 16);
                cases.Add("wide", precision, 16);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AmongOthers_GivesTheSameBits(string name, TorchPrecision precision, int decodeRows)
    {
        using var model = Load(name, precision, decodeRows);
        var alone = Speak(model, 40, others: 0);

        Assert.Equal(alone, Speak(model, 40, others: 3));
        Assert.Equal(alone, Speak(model, 40, others: 20));
    }

    [Theory]
    [InlineData(TorchPrecision.Float32)]
    [InlineData(TorchPrecision.BFloat16)]
    public void Forward_AmongOthersOfOtherSpans_GivesTheSameBits(TorchPrecision precision)
    {
        using var model = Load("default", precision, decodeRows: 16);
        foreach (var length in new[] { 40, 509 }) // The second goes on into the next span.
        {
            Assert.Equal(Speak(model, length, others: 0), Speak(model, length, others: 3, longest: 1100));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_PromptInPieces_GivesTheSameBits(string name, TorchPrecision precision, int decodeRows)
    {
        using var model = Load(name, precision, decodeRows);
        var whole = Speak(model, 75, others: 0, piece: 75);

        Assert.Equal(whole, Speak(model, 75, others: 0, piece: 1));
        Assert.Equal(whole, Speak(model, 75, others: 2, piece: 23));
    }

    private static TorchLanguageModel Load(string name, TorchPrecision precision, int decodeRows)
    {
        var options = LanguageModels.Options(decodeRows, precision);
        return name switch
        {
            "fixture" => LanguageModels.Load(options),
            "default" => LanguageModels.LoadDefault(options),
            _ => LanguageModels.LoadWide(options),
        };
    }

    /// <summary>The scores of one sequence after its prompt and after some tokens, while others are at other places of theirs.</summary>
    private static float[][] Speak(ILanguageModel model, int length, int others, int piece = 128, int longest = 60)
    {
        using var mine = model.CreateCache();
        var company = Enumerable.Range(0, others).Select(_ => model.CreateCache()).ToArray();
        LanguageModelInput[] inputs = [.. LanguageModels.Prompt(length), .. Enumerable.Range(0, Steps).Select(i => LanguageModelInput.Speech(i * 71))];
        LanguageModelInput[][] parts = [.. inputs[..length].Chunk(piece), .. inputs[length..].Chunk(1)];
        var result = new List<float[]>();
        for (var step = 0; step < parts.Length; step++)
        {
            // Before mine as many as behind it; each is given anything between two inputs and a prompt.
            var steps = company.Select((cache, i) => new LanguageModelStep(cache, LanguageModels.Prompt(step == 0 && i == 0 ? longest : Length(step, i), i + 1))).ToList();
            steps.Insert(others / 2, new(mine, parts[step]));
            var scores = new float[steps.Count * model.ScoreCount];
            model.Forward(steps, scores);
            if (mine.Length >= length)
            {
                result.Add(scores.AsSpan(others / 2 * model.ScoreCount, model.ScoreCount).ToArray());
            }
        }

        foreach (var cache in company)
        {
            cache.Dispose();
        }

        Assert.True(result.Count == Steps + 1);
        return [.. result];
    }

    private static int Length(int step, int other) => ((step * 7) + (other * 5)) % 17 == 0 ? 30 : 2 + ((step + other) % 2);
}
