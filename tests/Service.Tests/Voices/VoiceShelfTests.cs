using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;

namespace CosyOrleans.Service.Tests.Voices;

public sealed class VoiceShelfTests
{
    private readonly ScriptedVoices _catalogue = new();

    [Fact]
    public async Task Find_ManyAtOnce_FetchOnce()
    {
        _catalogue.Save("eva", 1);
        var gate = new TaskCompletionSource();
        _catalogue.BeforeFetch = () => gate.Task;
        var shelf = Shelf();

        Task<VoiceProfile?>[] all = [.. Enumerable.Range(0, 50).Select(i => shelf.FindAsync("eva", i % 2 == 0 ? null : 1, default).AsTask())];
        gate.SetResult();
        var found = await Task.WhenAll(all).WaitAsync(TestService.Patience);

        Assert.Equal(1, _catalogue.Fetches("eva", 1));
        Assert.All(found, voice => Assert.Same(found[0], voice));
        Assert.Equal(["eva"], shelf.Ids);
    }

    [Fact]
    public async Task Find_OneOfManyGivesUp_TheOthersGetTheVoice()
    {
        _catalogue.Save("eva", 1);
        var gate = new TaskCompletionSource();
        _catalogue.BeforeFetch = () => gate.Task;
        var shelf = Shelf();
        using var caller = new CancellationTokenSource();
        var impatient = shelf.FindAsync("eva", 1, caller.Token).AsTask();
        var patient = shelf.FindAsync("eva", 1, default).AsTask();

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult();

        Assert.NotNull(await patient.WaitAsync(TestService.Patience));
        Assert.Equal(1, _catalogue.Fetches("eva", 1));
    }

    [Fact]
    public async Task Find_NewerVersionSaved_NewSpeechesGetItAndOldOnesKeepTheirs()
    {
        _catalogue.Save("eva", 1);
        var shelf = Shelf();
        var before = await shelf.FindAsync("eva", null, default);

        _catalogue.Save("eva", 2);

        Assert.Equal(2, (await shelf.FindAsync("eva", null, default))!.Version);
        Assert.Same(before, await shelf.FindAsync("eva", 1, default));
        Assert.Equal((1, 1), (_catalogue.Fetches("eva", 1), _catalogue.Fetches("eva", 2)));
    }

    [Fact]
    public async Task Find_Full_ForgetsTheOneUsedLongestAgo()
    {
        foreach (var id in (string[])["a", "b", "c"])
        {
            _catalogue.Save(id, 1);
        }

        var shelf = Shelf(capacity: 2);
        await shelf.FindAsync("a", 1, default);
        await shelf.FindAsync("b", 1, default);
        await shelf.FindAsync("a", 1, default);
        await shelf.FindAsync("c", 1, default);

        Assert.Equal(["a", "c"], shelf.Ids.Order());
        await shelf.FindAsync("a", 1, default);
        await shelf.FindAsync("b", 1, default);
        Assert.Equal((1, 2), (_catalogue.Fetches("a", 1), _catalogue.Fetches("b", 1)));
    }

    [Fact]
    public async Task Find_Unknown_IsNullAndAskedAgain()
    {
        var shelf = Shelf();

        Assert.Null(await shelf.FindAsync("eva", null, default));
        Assert.Null(await shelf.FindAsync("eva", 7, default));
        Assert.Null(await shelf.FindAsync("eva", 7, default));

        Assert.Equal(2, _catalogue.Fetches("eva", 7));
        Assert.Empty(shelf.Ids);
    }

    [Fact]
    public async Task Find_Deleted_IsForgotten()
    {
        _catalogue.Save("eva", 1);
        var shelf = Shelf();
        await shelf.FindAsync("eva", null, default);

        _catalogue.Delete("eva");

        Assert.Null(await shelf.FindAsync("eva", null, default));
        Assert.Empty(shelf.Ids);
    }

    [Fact]
    public async Task Find_FetchFails_SaysSoToAllWhoWaitAndTheNextTriesAgain()
    {
        _catalogue.Save("eva", 1);
        _catalogue.BeforeFetch = () => throw new IOException("gone");
        var shelf = Shelf();

        var e = await Assert.ThrowsAsync<SpeechException>(() => shelf.FindAsync("eva", null, default).AsTask());
        _catalogue.BeforeFetch = () => Task.CompletedTask;

        Assert.Equal((SpeechErrorKind.NotReady, SpeechErrorCodes.VoicesUnavailable), (e.Kind, e.Code));
        Assert.NotNull(e.RetryAfter);
        Assert.NotNull(await shelf.FindAsync("eva", null, default));
    }

    [Fact]
    public async Task Find_CatalogueUnreachable_SpeaksWithWhatIsHere()
    {
        _catalogue.Save("eva", 1);
        var shelf = Shelf();
        var held = await shelf.FindAsync("eva", null, default);

        _catalogue.BeforeNewest = () => throw new IOException("gone");
        Assert.Same(held, await shelf.FindAsync("eva", null, default));
        _catalogue.BeforeNewest = () => Task.Delay(Timeout.Infinite); // Silent: the silo that has it was just lost.
        Assert.Same(held, await shelf.FindAsync("eva", null, default).AsTask().WaitAsync(TestService.Patience));

        _catalogue.BeforeNewest = () => throw new IOException("gone");
        var e = await Assert.ThrowsAsync<SpeechException>(() => shelf.FindAsync("max", null, default).AsTask());
        Assert.Equal(SpeechErrorCodes.VoicesUnavailable, e.Code);
    }

    [Fact]
    public void Shelf_WithoutAPlace_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => Shelf(capacity: 0));

    private VoiceShelf Shelf(int capacity = 8) => new(_catalogue, TimeProvider.System, capacity);
}
