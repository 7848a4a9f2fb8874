using Orleans.Storage;

namespace CosyOrleans.Grains.Voices;

/// <summary>Where the catalogue is stored, and how it is changed.</summary>
public static class VoiceStorage
{
    /// <summary>Of the storage provider that the silo configures.</summary>
    public const string Name = "voices";

    /// <summary>What a <see cref="SpeakerProfileGrain"/> stores.</summary>
    internal const string Voice = "voice";

    /// <summary>What the <see cref="VoiceIndexGrain"/> stores.</summary>
    internal const string Index = "voice-index";

    /// <summary>How long a grain may take to answer before its storage is asked as well.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private const int Attempts = 4;

    /// <summary>
    /// Writes a change of what is stored. Should another activation have written meanwhile, which Orleans allows for a
    /// moment when silos are lost, the change is made to what that one wrote.
    /// </summary>
    /// <exception cref="InconsistentStateException">Others write faster than this, again and again.</exception>
    internal static async Task ChangeAsync<T>(this IPersistentState<T> state, Func<T, T> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            var present = state.State;
            state.State = change(present);
            try
            {
                await state.WriteStateAsync();
                return;
            }
            catch (InconsistentStateException) when (attempt < Attempts)
            {
                await state.ReadStateAsync();
            }
            catch
            {
                state.State = present;
                throw;
            }
        }
    }
}
