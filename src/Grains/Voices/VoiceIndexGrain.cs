namespace CosyOrleans.Grains.Voices;

/// <summary>The list of voices, kept by the voices themselves.</summary>
public sealed class VoiceIndexGrain([PersistentState(VoiceStorage.Index, VoiceStorage.Name)] IPersistentState<VoiceIndexState> state)
    : Grain, IVoiceIndexGrain
{
    public ValueTask<VoiceEntry[]> GetAll() => new(state.State.Entries);

    public Task Put(VoiceEntry entry) =>
        state.State.Find(entry.Id) == entry ? Task.CompletedTask : state.ChangeAsync(present => present.With(entry));

    public Task Remove(string id) =>
        state.State.Find(id) is null ? Task.CompletedTask : state.ChangeAsync(present => present.Without(id));
}
