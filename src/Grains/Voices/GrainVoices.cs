using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Weights;

namespace CosyOrleans.Grains.Voices;

/// <summary>The voices of the cluster's catalogue, as a worker's shelf gets them.</summary>
public sealed class GrainVoices(IGrainFactory grains) : IVoiceSource
{
    public async ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken) =>
        await grains.GetGrain<ISpeakerProfileGrain>(id).GetNewest();

    public async ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken) =>
        Read(await grains.GetGrain<ISpeakerProfileGrain>(id).Get(version));

    /// <exception cref="SpeechException">What is stored is damaged.</exception>
    internal static VoiceProfile? Read(VoiceMessage? voice)
    {
        try
        {
            return voice?.ToProfile();
        }
        catch (CheckpointException e)
        {
            throw new SpeechException(
                SpeechErrorKind.Internal,
                SpeechErrorCodes.VoiceDamaged,
                $"Version {voice!.Version} of the voice {Quoted.Value(voice.Id)} is damaged in the database.",
                "Save the voice again.",
                e);
        }
    }
}
