using Microsoft.Extensions.Logging;

namespace CosyOrleans.Grains.Voices;

/// <summary>The catalogue's entry of one voice.</summary>
public sealed partial class SpeakerProfileGrain(
    [PersistentState(VoiceStorage.Voice, VoiceStorage.Name)] IPersistentState<VoiceState> state, TimeProvider time, ILogger<SpeakerProfileGrain> logger)
    : Grain, ISpeakerProfileGrain
{
    private Task _listing = Task.CompletedTask;

    private string Id => this.GetPrimaryKeyString();

    private IVoiceIndexGrain Index => GrainFactory.GetGrain<IVoiceIndexGrain>(0);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // In case the index missed the last change. Nobody waits for it: a voice speaks whether it is listed or not.
        _listing = state.State.Last == 0 ? Task.CompletedTask : TellIndexAsync();
        return Task.CompletedTask;
    }

    public ValueTask<int?> GetNewest() => new(state.State.Find(null)?.Version);

    public ValueTask<VoiceMessage?> Get(int? version) => new(state.State.Find(version));

    public async Task<VoiceStamp> Save(VoiceMessage voice)
    {
        await state.ChangeAsync(present => present.With(voice, time.GetUtcNow()));
        var saved = state.State.Find(null)!;
        await ListAsync();
        return new VoiceStamp(saved.Version, saved.Created);
    }

    public async Task<VoiceStamp?> Create(VoiceMessage voice)
    {
        if (!await ChangeIfAsync(present => present.Versions.Length == 0, present => present.With(voice, time.GetUtcNow())))
        {
            return null;
        }

        var saved = state.State.Find(null)!;
        return new VoiceStamp(saved.Version, saved.Created);
    }

    public async Task<VoiceMessage?> Change(VoiceChangeMessage change) =>
        await ChangeIfAsync(present => present.Versions.Length > 0, present => present.With(change, time.GetUtcNow())) ? state.State.Find(null) : null;

    public Task<bool> Delete() => ChangeIfAsync(present => present.Versions.Length > 0, present => present.Deleted());

    public Task<bool> DeleteIfNewest(int newest) => ChangeIfAsync(present => present.Find(null)?.Version == newest, present => present.Deleted());

    /// <summary>Asks the condition of what is stored at the moment of writing, which another activation may have written.</summary>
    private async Task<bool> ChangeIfAsync(Predicate<VoiceState> condition, Func<VoiceState, VoiceState> change)
    {
        if (!condition(state.State))
        {
            return false;
        }

        var changes = true;
        await state.ChangeAsync(present => (changes = condition(present)) ? change(present) : present);
        await ListAsync();
        return changes;
    }

    // One after the other, so that the index hears of changes in their order.
    private async Task ListAsync()
    {
        await _listing;
        await (_listing = TellIndexAsync());
    }

    private async Task TellIndexAsync()
    {
        try
        {
            await (state.State.Find(null) is { } newest ? Index.Put(VoiceEntry.From(newest)) : Index.Remove(Id));
        }
        catch (Exception e)
        {
            LogNotListed(e, Id);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The list of voices did not take a change of {VoiceId}; it will when the voice is used next")]
    private partial void LogNotListed(Exception exception, string voiceId);
}
