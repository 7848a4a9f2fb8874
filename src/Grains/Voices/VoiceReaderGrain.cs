using CosyOrleans.Grains.Placement;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace CosyOrleans.Grains.Voices;

/// <summary>The way to <see cref="StoredVoices"/> from outside.</summary>
[OwnedBySilo, GrainDirectory(OwnerGrainDirectory.Name), Immovable, Reentrant]
public sealed class VoiceReaderGrain(StoredVoices stored) : Grain, IVoiceReaderGrain
{
    public Task<VoiceEntry[]> GetAll() => stored.ListAsync();

    public Task<VoiceMessage?> Get(string id, int? version) => stored.FindAsync(id, version);
}
