using Orleans.Storage;

namespace CosyOrleans.Grains.Voices;

/// <summary>The catalogue as its grains stored it, read past them.</summary>
public sealed class StoredVoices([FromKeyedServices(VoiceStorage.Name)] IGrainStorage storage, IGrainFactory grains)
{
    public async Task<VoiceEntry[]> ListAsync() =>
        (await ReadAsync<VoiceIndexState>(VoiceStorage.Index, grains.GetGrain<IVoiceIndexGrain>(0)))?.Entries ?? [];

    /// <param name="version">1 or more; null for the newest.</param>
    public async Task<VoiceMessage?> FindAsync(string id, int? version) =>
        (await ReadAsync<VoiceState>(VoiceStorage.Voice, grains.GetGrain<ISpeakerProfileGrain>(id)))?.Find(version);

    private async Task<T?> ReadAsync<T>(string name, IAddressable grain)
        where T : class, new()
    {
        var stored = new GrainState<T>();
        await storage.ReadStateAsync(name, grain.GetGrainId(), stored);
        return stored.State;
    }
}
