namespace CosyVoice.Enrolment;

/// <summary>One thing about a recording, in whole sentences.</summary>
/// <param name="Message">What is wrong, with the value and what is allowed.</param>
/// <param name="Solution">What the person who has the recording can do.</param>
public sealed record RecordingProblem(string Message, string Solution);

/// <summary>A recording that no voice can be made from, with every reason found.</summary>
public sealed class RecordingException(IReadOnlyList<RecordingProblem> problems)
    : Exception(string.Join(" ", problems.Select(problem => problem.Message)))
{
    public IReadOnlyList<RecordingProblem> Problems { get; } = problems;
}
