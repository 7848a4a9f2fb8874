using CosyOrleans.Service.Nodes;
using CosyOrleans.Service.Voices;
using CosyVoice.Engine;

namespace CosyOrleans.Service.Synthesis;

/// <summary>
/// What was heard in the recordings of a request. Listening takes seconds: whoever goes on with a speech elsewhere gives it
/// along, and nobody has to listen again.
/// </summary>
/// <param name="Voice">Of the reference; null where the request brought none.</param>
/// <param name="Source">Speech tokens of the source; null where the request brought none.</param>
/// <param name="Warnings">What could be better about the reference, in whole sentences.</param>
public sealed record HeardRecordings(Speaker? Voice, IReadOnlyList<int>? Source, IReadOnlyList<string> Warnings)
{
    /// <summary>Whether it is what these recordings need, and this model can use it; what is not is listened to again.</summary>
    internal bool Fits(SpeakRecordings recordings, ILoadedModel model) =>
        (Voice is null) == (recordings.Reference is null) && (Source is null) == (recordings.Source is null)
        && (Voice is null || (VoiceRules.IsUsable(Voice) && model.WhyNot(Voice) is null));
}
