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

    /// <summary>Makes the first version since there is none, or was deleted. It is stored when this completes.</summary>
    /// <param name="voice">Keeps <see cref="VoiceRules"/>.</param>
    /// <returns>Null where there is a voice.</returns>
    [Alias("Create")]
    Task<VoiceStamp?> Create(VoiceMessage voice);

    /// <summary>Makes the next version, with other words about the same content. It is stored when this completes.</summary>
    /// <param name="change">Keeps <see cref="VoiceRules"/>.</param>
    /// <returns>The voice as it is now; null where there is none.</returns>
    [Alias("Change")]
    Task<VoiceMessage?> Change(VoiceChangeMessage change);

    /// <summary>Removes every version; false, and nothing happens, where another version is the newest.</summary>
    /// <param name="newest">1 or more.</param>
    [Alias("DeleteIfNewest")]
    Task<bool> DeleteIfNewest(int newest);

    /// <summary>Removes every version; false where there is none.</summary>
    [Alias("Delete")]
    Task<bool> Delete();
}
