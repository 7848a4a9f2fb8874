using CosyOrleans.Service.Errors;

namespace CosyOrleans.Service.Synthesis;

/// <summary>Whether a speech can be continued where a request says. That the text is the same is the caller's to see to.</summary>
internal static class ResumeRules
{
    private const string Solution =
        "Send the request as it was, with the seed and the voice that the first answer named, and the newest checkpoint received.";

    /// <param name="request">What was asked for; seed and voice may be open as long as nothing was heard.</param>
    /// <param name="resume">Where to go on.</param>
    /// <param name="segments">Of the text; 0 when the text itself is wrong.</param>
    /// <param name="frameSamples">Samples of a frame.</param>
    public static IEnumerable<Violation> Check(SpeakRequest request, SpeechResumption resume, int segments, int frameSamples)
    {
        var (frame, had, checkpoint) = resume;
        if (frame > 0 && request.Seed is null)
        {
            yield return Wrong("The speech to be continued has no seed; without it another one would follow.");
        }

        if (frame > 0 && request.SpeakerId is null)
        {
            yield return Wrong("The speech to be continued has no speaker_id; without it another voice might follow.");
        }

        if (frame < 0)
        {
            yield return Wrong($"The next frame wanted is {frame}, which must be 0 or more.");
        }
        else if (had % frameSamples != 0 || had / frameSamples != frame)
        {
            yield return Wrong($"{had} samples are not what {frame} frames of {frameSamples} hold.");
        }

        if (checkpoint is null)
        {
            yield break;
        }

        if (checkpoint.SampleOffset < 0 || checkpoint.SampleOffset > Math.Max(0, had))
        {
            yield return Wrong($"The checkpoint is at sample {checkpoint.SampleOffset}, outside the {had} samples already had.");
        }

        if (segments > 0 && (uint)checkpoint.Segment >= (uint)segments)
        {
            yield return Wrong($"The checkpoint is in segment {checkpoint.Segment}; the text has segments 0 to {segments - 1}.");
        }
    }

    /// <summary>For what turns out only when the engine reads the checkpoint, or the speech ends too soon.</summary>
    public static SpeechException Unusable(string message) => SpeechException.Invalid([Wrong(message)]);

    private static Violation Wrong(string message) => new(SpeechErrorCodes.ResumeInvalid, message, Solution);
}
