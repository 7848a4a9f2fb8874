using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>What can be said about a request before anything is computed. The state of a checkpoint is read where it is used.</summary>
internal static class SpeechRequestCheck
{
    /// <exception cref="ArgumentException">The request cannot be spoken.</exception>
    /// <exception cref="StateException">It cannot be continued where it says.</exception>
    public static void Check(SpeechRequest request, ILanguageModel model)
    {
        if (request.Segments.Count == 0 || request.Segments.Any(segment => segment.Tokens.Length == 0))
        {
            throw new ArgumentException("There is nothing to speak: give at least one segment, none without text ids.", nameof(request));
        }

        var count = model.TextTokenCount;
        foreach (var id in request.Segments.SelectMany(segment => segment.Tokens).Where(id => (uint)id >= (uint)count))
        {
            throw new ArgumentOutOfRangeException(nameof(request), id, $"Text ids are 0 to {count - 1}.");
        }

        if (request.Speed is not (>= 0.5 and <= 2))
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Speed, "Speed is 0.5 to 2.");
        }

        if (request.Resume is { } resume)
        {
            Check(request, resume, model.SpeechTokenCount);
        }
    }

    private static void Check(SpeechRequest request, SpeechCheckpoint resume, int speechTokens)
    {
        if ((uint)resume.Segment >= (uint)request.Segments.Count)
        {
            throw new StateException($"The checkpoint is in segment {resume.Segment}; the text has segments 0 to {request.Segments.Count - 1}.");
        }

        var isBeginning = resume is { Segment: 0, State.IsEmpty: true };
        if (resume.SampleOffset < 0 || (isBeginning && resume.SampleOffset > 0))
        {
            throw new StateException($"The checkpoint is at sample {resume.SampleOffset}, which must be {(isBeginning ? "0 at the beginning" : "0 or more")}.");
        }

        var most = new Utterance { Text = request.Segments[resume.Segment].Tokens }.MaximumLength;
        if (resume.Tokens.Count > most)
        {
            throw new StateException($"The checkpoint has {resume.Tokens.Count} speech tokens; its segment has at most {most}.");
        }

        foreach (var id in resume.Tokens.Where(id => (uint)id >= (uint)speechTokens))
        {
            throw new StateException($"The checkpoint has speech token {id}; they are 0 to {speechTokens - 1}.");
        }
    }
}
