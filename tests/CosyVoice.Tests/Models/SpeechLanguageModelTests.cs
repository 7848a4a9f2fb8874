using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Models;

public sealed class SpeechLanguageModelTests
{
    private static readonly LanguageModelInput[] Prompt =
    [
        LanguageModelInput.Sos, .. Enumerable.Range(5, 20).Select(LanguageModelInput.Text), LanguageModelInput.TaskId,
        .. Enumerable.Range(100, 13).Select(LanguageModelInput.Speech),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Forward_PromptInPieces_GivesTheSameBits(int piece)
    {
        using var model = Load(threads: 1);
        var whole = Scores(model, [Prompt]);

        var pieces = Scores(model, [.. Prompt.Chunk(piece)]);

        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Forward_AmongOthers_GivesTheSameBits()
    {
        using var model = Load(threads: 1);
        var alone = Scores(model, [Prompt]);

        using var others = model.CreateCache();
        using var mine = model.CreateCache();
        var scores = new float[3 * model.ScoreCount];
        using var third = model.CreateCache();
        model.Forward([new(others, Prompt.AsMemory(0, 5)), new(mine, Prompt), new(third, Prompt.AsMemory(3, 9))], scores);

        Assert.Equal(alone, scores.AsSpan(model.ScoreCount, model.ScoreCount).ToArray());
    }

    [Fact]
    public void Forward_WithMoreThreads_GivesTheSameBits()
    {
        using var one = Load(threads: 1);
        using var three = Load(threads: 3);

        Assert.Equal(Scores(one, [Prompt]), Scores(three, [Prompt]));
    }

    [Fact]
    public void Forward_UnknownTextId_NamesTheRange()
    {
        using var model = Load(threads: 1);
        using var cache = model.CreateCache();

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => model.Forward([new(cache, new[] { LanguageModelInput.Text(512) })], new float[model.ScoreCount]));

        Assert.Contains("0 to 511", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OtherSizes_NamesEveryTensorAtOnce()
    {
        using var workers = new Workers(1);
        var config = Config with { SpeechTokenCount = 700 };

        var error = Assert.Throws<CheckpointException>(() => new SpeechLanguageModel(Open(), config, workers));

        Assert.Contains(error.Problems, problem => problem.StartsWith("speech_embedding.weight has shape [503, 64], expected [703, 64]", StringComparison.Ordinal));
        Assert.Contains(error.Problems, problem => problem.StartsWith("llm_decoder.bias", StringComparison.Ordinal));
    }

    private static SpeechLanguageModelConfig Config => new()
    {
        SpeechTokenCount = 500,
        Backbone = new()
        {
            HiddenSize = 64, IntermediateSize = 160, Layers = 3, AttentionHeads = 4, KeyValueHeads = 2, VocabularySize = 512,
        },
    };

    private static Checkpoint Open() => Checkpoint.Open(Repository.Fixture("llm_v2/weights.safetensors"));

    private static SpeechLanguageModel Load(int threads) => new(Open(), Config, new Workers(threads));

    private static float[] Scores(SpeechLanguageModel model, LanguageModelInput[][] pieces)
    {
        using var cache = model.CreateCache();
        var scores = new float[model.ScoreCount];
        foreach (var piece in pieces)
        {
            model.Forward([new(cache, piece)], scores);
        }

        return scores;
    }
}
