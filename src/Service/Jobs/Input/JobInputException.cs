namespace CosyOrleans.Service.Jobs.Input;

/// <summary>The order as a whole cannot be read any further.</summary>
/// <param name="message">Names the place; a whole sentence, as is <paramref name="solution"/>.</param>
internal sealed class JobInputException(string message, string solution, Exception? cause = null) : Exception(message, cause)
{
    public string Solution { get; } = solution;
}
