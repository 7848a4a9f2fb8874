using Orleans.Concurrency;

namespace CosyOrleans.Grains.Voices;

/// <summary>
/// The list of the catalogue's voices; there is one, with the key 0. For looking through only: nothing on the path of
/// speech asks it, and while it cannot be reached everything speaks. Each change writes the list anew, which is good for
/// thousands of voices that change now and then.
/// </summary>
[Alias("cosy.IVoiceIndexGrain")]
public interface IVoiceIndexGrain : IGrainWithIntegerKey
{
    /// <summary>In no particular order.</summary>
    [ReadOnly, Alias("GetAll")]
    ValueTask<VoiceEntry[]> GetAll();

    [Alias("Put")]
    Task Put(VoiceEntry entry);

    [Alias("Remove")]
    Task Remove(string id);
}
