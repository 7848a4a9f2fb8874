using Orleans.Concurrency;

namespace CosyOrleans.Grains.Voices;

/// <summary>The way to <see cref="StoredVoices"/> from outside.</summary>
[StatelessWorker]
public sealed class VoiceReaderGrain(StoredVoices stored) : Grain, IVoiceReaderGrain
{
    public Task<VoiceEntry[]> GetAll() => stored.ListAsync();

    public Task<VoiceMessage?> Get(string id, int? version) => stored.FindAsync(id, version);
}
