using CosyOrleans.Service.Voices;
using Orleans.Concurrency;

namespace CosyOrleans.Grains.Voices;

/// <summary>A voice of the catalogue with its last <see cref="VoiceRules.KeptVersions"/> versions; the key is its id.</summary>
[Alias("cosy.ISpeakerProfileGrain")]
public interface ISpeakerProfileGrain : IGrainWithStringKey
{
    /// <summary>The number of the newest version; null where there is no such voice.</summary>
    [ReadOnly, ResponseTimeout("00:00:05"), Alias("GetNewest")]
    ValueTask<int?> GetNewest();

    /// <summary>A version with its content; null where there is none, or no longer.</summary>
    /// <param name="version">Null for the newest.</param>
    [ReadOnly, ResponseTimeout("00:00:10"), Alias("Get")]
    ValueTask<VoiceMessage?> Get(int? version);

    /// <summary>Makes the next version. It is stored when this completes.</summary>
    /// <param name="voice">Keeps <see cref="VoiceRules"/>.</param>
    [Alias("Save")]
    Task<VoiceStamp> Save(VoiceMessage voice);

    /// <summary>Removes every version; false where there is none.</summary>
    [Alias("Delete")]
    Task<bool> Delete();
}
