using Orleans.Concurrency;

namespace CosyOrleans.Grains.Voices;

/// <summary>
/// Reads the catalogue where it is stored, on the silo that the key begins with; the whole key is that of a worker. It answers also
/// in the seconds in which the grain of a voice, or that of the list, or the directory's entry of either, is missing with another
/// silo. It knows what was saved, as the grains do: they save before they answer.
/// </summary>
[Alias("cosy.IVoiceReaderGrain")]
public interface IVoiceReaderGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IVoiceIndexGrain.GetAll"/>
    [ReadOnly, ResponseTimeout("00:00:05"), Alias("GetAll")]
    Task<VoiceEntry[]> GetAll();

    /// <inheritdoc cref="ISpeakerProfileGrain.Get"/>
    [ReadOnly, ResponseTimeout("00:00:10"), Alias("Get")]
    Task<VoiceMessage?> Get(string id, int? version);
}
