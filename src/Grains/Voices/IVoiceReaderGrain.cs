using Orleans.Concurrency;

namespace CosyOrleans.Grains.Voices;

/// <summary>
/// Reads the catalogue where it is stored. Every silo has its own, so it answers also in the seconds in which the grain of a
/// voice, or that of the list, is missing with its silo. It knows what was saved, as the grains do: they save before they answer.
/// The key says nothing; different ones go through different silos.
/// </summary>
[Alias("cosy.IVoiceReaderGrain")]
public interface IVoiceReaderGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IVoiceIndexGrain.GetAll"/>
    [ReadOnly, ResponseTimeout("00:00:05"), Alias("GetAll")]
    Task<VoiceEntry[]> GetAll();

    /// <inheritdoc cref="ISpeakerProfileGrain.Get"/>
    [ReadOnly, ResponseTimeout("00:00:10"), Alias("Get")]
    Task<VoiceMessage?> Get(string id, int? version);
}
