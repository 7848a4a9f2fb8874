using CosyVoice.Engine;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Tests;

public sealed class CacheMemoryTests
{
    private static readonly TorchOptions Small = LanguageModels.Options(positions: 1024);

    [Fact]
    public void Dispose_Cache_ReturnsItsBlocksOnce()
    {
        using var model = LanguageModels.Load(Small);
        var free = model.Blocks.Free;
        var cache = model.CreateCache();
        model.Give(cache, LanguageModels.Prompt(65));
        Assert.Equal(free - 2, model.Blocks.Free);

        cache.Dispose();
        cache.Dispose();

        Assert.Equal(free, model.Blocks.Free);
        Assert.Throws<ObjectDisposedException>(() => model.Give(cache, LanguageModels.Prompt(2)));
    }

    [Fact]
    public void Forward_InBlocksOfAnother_GivesTheSameBits()
    {
        using var model = LanguageModels.Load(Small);
        var fresh = Speak(model, 100);
        using (var other = model.CreateCache())
        {
            model.Give(other, LanguageModels.Prompt(1000, 3));
        }

        Assert.Equal(fresh, Speak(model, 100));
    }

    [Fact]
    public void Load_WithinABudget_MakesTheCachesFit()
    {
        var (smallest, roomy) = (LanguageModels.Options(positions: 1024), LanguageModels.Options(positions: 100_000));
        var least = Kept(smallest);

        // The fixture's 3 layers of 32 keys and values in fp32: 64 * 3 * 2 * 32 * 4 bytes a block, and 64 * (2 * 16 * 4 + 16) of tables.
        const long block = 64 * ((3 * 2 * 32 * 4) + (2 * 16 * 4) + 16);
        using var model = LanguageModels.Load(roomy with { MemoryBytes = least + (100 * block) });

        Assert.InRange(model.Blocks.Positions, 1024 + (98 * 64), 1024 + (100 * 64)); // Tables are rounded up.
        using var small = LanguageModels.Load(smallest);
        Assert.Equal(Speak(model, 100), Speak(small, 100));
        Assert.InRange(Kept(roomy), least + ((100_000 - 1024 - 64) / 64 * block / 2), least + (100_000 / 64 * block));
    }

    [Fact]
    public void Load_BudgetTooSmall_SaysWhatFitsAndKeepsNothing()
    {
        var options = LanguageModels.Options(positions: 2048);
        using var backend = new TorchBackend(options with { MemoryBytes = Kept(LanguageModels.Options(positions: 1024)) - 20_000 });

        var error = Assert.Throws<TorchMemoryException>(() => backend.LoadLanguageModel(LanguageModels.Open(), LanguageModels.Config));

        Assert.Contains("960 positions, of which it needs 1024", error.Message, StringComparison.Ordinal);
        Assert.Contains("MemoryGigabytes lets", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, backend.Kept);
        using var tiny = new TorchBackend(options with { MemoryBytes = 100_000 });
        Assert.Contains("weights alone", Assert.Throws<TorchMemoryException>(() => tiny.LoadLanguageModel(LanguageModels.Open(), LanguageModels.Config)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_BlocksExhausted_SaysWhatToDoAndChangesNothing()
    {
        using var model = LanguageModels.Load(Small);
        using var mine = model.CreateCache();
        var other = model.CreateCache();
        var expected = Speak(model, 60);
        model.Give(mine, LanguageModels.Prompt(60)[..50]);
        model.Give(other, LanguageModels.Prompt(900));
        var (free, scores) = (model.Blocks.Free, new float[2 * model.ScoreCount]);

        var error = Assert.Throws<TorchMemoryException>(
            () => model.Forward([new(mine, LanguageModels.Prompt(60).AsMemory(50)), new(other, LanguageModels.Prompt(100))], scores));

        Assert.Contains(Small.Device.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("CachePositions is 1024", error.Message, StringComparison.Ordinal);
        Assert.Equal((50, 900, free), (mine.Length, other.Length, model.Blocks.Free));
        Assert.Equal(expected, model.Give(mine, LanguageModels.Prompt(60)[50..]));
        other.Dispose();
        Assert.Equal(expected, Speak(model, 60));
    }

    [Fact]
    public void CreateCache_NoBlockForEverySequence_IsRefusedUntilOneEnds()
    {
        using var model = LanguageModels.Load(Small);
        using var mine = model.CreateCache();
        var other = model.CreateCache();
        model.Give(mine, LanguageModels.Prompt(64 * 14)); // Of 16 blocks two are left, for two sequences.

        Assert.Throws<TorchMemoryException>(() => model.CreateCache());

        other.Dispose();
        using var next = model.CreateCache();
        model.Give(next, LanguageModels.Prompt(64));
        model.Give(mine, LanguageModels.Prompt(2));
    }

    [Fact]
    public void Forward_AfterInfinityInTheBlocks_IsNotPoisoned()
    {
        using var model = LanguageModels.Load(Small);
        var expected = Speak(model, 10);
        model.Blocks.Blocks[0].narrow(0, 2, model.Blocks.Free).fill_(float.PositiveInfinity);

        Assert.Equal(expected, Speak(model, 10));
    }

    [Fact]
    public void Guard_AllocatorRefuses_NamesTheDeviceAndTheCaches()
    {
        var error = Assert.Throws<TorchMemoryException>(() => TorchMemory.Guard(Small, () => empty([1L << 46])));

        Assert.Contains(Small.Device.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("1024 positions", error.Message, StringComparison.Ordinal);
    }

    private static float[] Speak(ILanguageModel model, int length)
    {
        using var cache = model.CreateCache();
        return model.Give(cache, LanguageModels.Prompt(length));
    }

    /// <summary>Bytes that the fixture's language model keeps.</summary>
    private static long Kept(TorchOptions options)
    {
        using var backend = new TorchBackend(options);
        using var model = backend.LoadLanguageModel(LanguageModels.Open(), LanguageModels.Config);
        return backend.Kept;
    }
}
