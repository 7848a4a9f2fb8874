using CosyVoice.Engine;
using CosyVoice.Tests;
using CosyVoice.Weights;
using TorchSharp;

namespace CosyVoice.Torch.Tests;

public sealed class TorchLanguageModelTests
{
    [Fact]
    public void Forward_AnyMix_IsCloseToTheProcessors()
    {
        using var model = LanguageModels.Load();
        using var processor = new ProcessorBackend(1);
        using var reference = processor.LoadLanguageModel(LanguageModels.Open(), LanguageModels.Config);
        var (mine, theirs) = (new float[3 * model.ScoreCount], new float[3 * model.ScoreCount]);

        Mix(model, mine);
        Mix(reference, theirs);

        Assert.True(Precision.LargestDifference(mine, theirs) < 1e-4, $"{Precision.LargestDifference(mine, theirs)}");
    }

    [Fact]
    public void Forward_StepsOverTheSpans_AreCloseToTheProcessors()
    {
        using var model = LanguageModels.Load();
        using var processor = new ProcessorBackend(1);
        using var reference = processor.LoadLanguageModel(LanguageModels.Open(), LanguageModels.Config);
        using var mine = model.CreateCache();
        using var theirs = reference.CreateCache();
        var prompt = LanguageModels.Prompt(1030);

        var scores = model.Give(mine, prompt, piece: 128);

        Assert.True(Precision.LargestDifference(scores, reference.Give(theirs, prompt)) < 1e-4);
    }

    [Fact]
    public void Forward_UnknownTextId_NamesTheRangeAndAppendsNothing()
    {
        using var model = LanguageModels.Load();
        using var cache = model.CreateCache();
        model.Give(cache, LanguageModels.Prompt(10));
        var free = model.Blocks.Free;

        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => model.Give(cache, [.. LanguageModels.Prompt(100), LanguageModelInput.Text(512)]));

        Assert.Contains("0 to 511", error.Message, StringComparison.Ordinal);
        Assert.Equal((10, free), (cache.Length, model.Blocks.Free));
    }

    [Fact]
    public void Forward_CacheOfAnotherModel_IsRefused()
    {
        using var model = LanguageModels.Load();
        using var other = LanguageModels.Load();
        using var cache = other.CreateCache();

        Assert.Throws<ArgumentException>(() => model.Give(cache, LanguageModels.Prompt(4)));
    }

    [Fact]
    public void Load_OtherSizes_NamesEveryTensorAtOnceAndLeavesNothing()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var error = Assert.Throws<CheckpointException>(
            () => LanguageModels.Load(LanguageModels.Open(), LanguageModels.Config with { SpeechTokenCount = 700 }, LanguageModels.Options()));

        Assert.Contains(error.Problems, problem => problem.StartsWith("speech_embedding.weight has shape [503, 64], expected [703, 64]", StringComparison.Ordinal));
        Assert.Contains(error.Problems, problem => problem.StartsWith("llm_decoder.bias", StringComparison.Ordinal));
        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Load_TensorMissing_NamesIt()
    {
        using var stored = LanguageModels.Open();
        var checkpoint = new MemoryCheckpoint();
        foreach (var (name, tensor) in stored.Tensors.Where(entry => !entry.Key.EndsWith("layers.1.self_attn.k_proj.bias", StringComparison.Ordinal)))
        {
            checkpoint.Add(name, tensor.ToFloats(), [.. tensor.Shape]);
        }

        var error = Assert.Throws<CheckpointException>(() => LanguageModels.Load(checkpoint, LanguageModels.Config, LanguageModels.Options()));

        Assert.Equal(["missing llm.model.model.layers.1.self_attn.k_proj.bias [32]"], error.Problems);
    }

    [Theory]
    [InlineData(0, 2048, "DecodeRows", "1 to 256")]
    [InlineData(257, 2048, "DecodeRows", "1 to 256")]
    [InlineData(16, 1023, "CachePositions", "1024 to")]
    public void Load_OptionOutOfRange_NamesIt(int decodeRows, int positions, string name, string range)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => LanguageModels.Load(LanguageModels.Options(decodeRows, positions: positions)));

        Assert.Equal(name, error.ParamName);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_HundredSteps_LeavesNoTensor()
    {
        using var model = LanguageModels.Load();
        using var cache = model.CreateCache();
        model.Give(cache, LanguageModels.Prompt(480));
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        for (var step = 0; step < 100; step++)
        {
            model.Give(cache, [LanguageModelInput.Speech(step)]);
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Dispose_Model_LeavesNoTensor()
    {
        var live = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var model = LanguageModels.Load())
        {
            using var cache = model.CreateCache();
            model.Give(cache, LanguageModels.Prompt(20));
        }

        Assert.Equal(live, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Mix(ILanguageModel model, Span<float> scores)
    {
        using var first = model.CreateCache();
        using var second = model.CreateCache();
        using var third = model.CreateCache();
        model.Forward([new(first, LanguageModels.Prompt(40)), new(second, LanguageModels.Prompt(3))], scores[..(2 * model.ScoreCount)]);
        model.Forward([new(third, LanguageModels.Prompt(70, 2)), new(second, LanguageModels.Prompt(33, 1)), new(first, LanguageModels.Prompt(2))], scores);
    }
}
