using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Voices;
using CosyVoice.Weights;

namespace CosyOrleans.Grains.Voices;

/// <summary>
/// The voices of the cluster's catalogue, as a worker's shelf gets them: from their grains, or where those do not answer, because
/// the silo they lived on is lost, from where they are stored.
/// </summary>
public sealed class GrainVoices(IGrainFactory grains, StoredVoices stored, TimeProvider time) : IVoiceSource
{
    public async ValueTask<int?> NewestAsync(string id, CancellationToken cancellationToken) => await FirstAnswer.OfAsync(
        [() => grains.GetGrain<ISpeakerProfileGrain>(id).GetNewest().AsTask(), async () => (await stored.FindAsync(id, null))?.Version],
        VoiceStorage.Patience,
        time,
        cancellationToken);

    public async ValueTask<VoiceProfile?> FetchAsync(string id, int version, CancellationToken cancellationToken) => Read(await FirstAnswer.OfAsync(
        [() => grains.GetGrain<ISpeakerProfileGrain>(id).Get(version).AsTask(), () => stored.FindAsync(id, version)],
        VoiceStorage.Patience,
        time,
        cancellationToken));

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
