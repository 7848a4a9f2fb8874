using CosyVoice.State;

namespace CosyVoice.Engine;

/// <summary>What can be said about a request before anything is computed. The state of a checkpoint is read where it is used.</summary>
internal static class SpeechRequestCheck
{
    private const int MostInstruction = 500;
    private const int MostStreamed = TextFeed.MostCharacters;

    /// <exception cref="ArgumentException">The request cannot be spoken.</exception>
    /// <exception cref="StateException">It cannot be continued where it says.</exception>
    public static void Check(SpeechRequest request, ILanguageModel model)
    {
        if (request.TextStream is not null)
        {
            CheckStream(request);
        }
        else if (request.Segments.Count == 0 || request.Segments.Any(segment => segment.Tokens.Length == 0))
        {
            throw new ArgumentException("There is nothing to speak: give at least one segment, none without text ids.", nameof(request));
        }

        var (what, count) = request.Mode == SpeechMode.Conversion ? ("Speech tokens", model.SpeechTokenCount) : ("Text ids", model.TextTokenCount);
        foreach (var id in request.Segments.SelectMany(segment => segment.Tokens).Where(id => (uint)id >= (uint)count))
        {
            throw new ArgumentOutOfRangeException(nameof(request), id, $"{what} are 0 to {count - 1}.");
        }

        if (!Enum.IsDefined(request.Mode))
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Mode, "There is no such mode.");
        }

        if (request.Mode == SpeechMode.Instruct && (string.IsNullOrWhiteSpace(request.Instruction) || request.Instruction.Length > MostInstruction))
        {
            throw new ArgumentException(
                $"The instruction has {request.Instruction.Length} characters; give 1 to {MostInstruction}, not only blanks.", nameof(request));
        }

        if (request.Speed is not (>= 0.5 and <= 2))
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Speed, "Speed is 0.5 to 2.");
        }

        if (request.Resume is { } resume)
        {
            Check(request, resume, model);
        }
    }

    private static void CheckStream(SpeechRequest request)
    {
        if (request.Segments.Count > 0)
        {
            throw new ArgumentException("Give either segments or a stream of text, not both.", nameof(request));
        }

        if (request.Mode == SpeechMode.Conversion)
        {
            throw new ArgumentException("A conversion takes the speech tokens of a recording, not a stream of text.", nameof(request));
        }
    }

    private static void Check(SpeechRequest request, SpeechCheckpoint resume, ILanguageModel model)
    {
        var segments = request.TextStream is null ? request.Segments.Count : MostStreamed;
        if ((uint)resume.Segment >= (uint)segments)
        {
            throw new StateException($"The checkpoint is in segment {resume.Segment}; the text has segments 0 to {segments - 1}.");
        }

        var isBeginning = resume is { Segment: 0, State.IsEmpty: true };
        if (resume.SampleOffset < 0 || (isBeginning && resume.SampleOffset > 0))
        {
            throw new StateException($"The checkpoint is at sample {resume.SampleOffset}, which must be {(isBeginning ? "0 at the beginning" : "0 or more")}.");
        }

        var most = request.TextStream is null ? new Utterance { Text = request.Segments[resume.Segment].Tokens }.MaximumLength : MostStreamed;
        if (resume.Tokens.Count > most)
        {
            throw new StateException($"The checkpoint has {resume.Tokens.Count} speech tokens; its segment has at most {most}.");
        }

        var count = model.SpeechTokenCount;
        foreach (var id in resume.Tokens.Where(id => (uint)id >= (uint)count && !(request.TextStream is not null && id == model.FillId)))
        {
            throw new StateException($"The checkpoint has speech token {id}; they are 0 to {count - 1}.");
        }
    }
}
