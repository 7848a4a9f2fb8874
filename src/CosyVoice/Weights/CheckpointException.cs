namespace CosyVoice.Weights;

/// <summary>A file that cannot be used as a checkpoint, with every reason found.</summary>
public sealed class CheckpointException(string path, IReadOnlyList<string> problems)
    : Exception($"{path}: {Summary(problems)}")
{
    private const int Shown = 20;

    public string CheckpointPath { get; } = path;

    public IReadOnlyList<string> Problems { get; } = problems;

    private static string Summary(IReadOnlyList<string> problems) =>
        string.Join("; ", problems.Take(Shown)) + (problems.Count > Shown ? $"; and {problems.Count - Shown} more" : "");
}
