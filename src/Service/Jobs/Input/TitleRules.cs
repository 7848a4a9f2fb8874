using CosyOrleans.Service.Errors;
using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Jobs.Input;

/// <summary>What titles and names of people may be.</summary>
internal static class TitleRules
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public static Violation? Check(string title, string field)
    {
        if (TextRules.FirstUnspeakable(title, field, out var characters) is { } unspeakable)
        {
            return unspeakable;
        }

        return characters is 0 or > JobLimits.MaxTitleLength || title.AsSpan().ContainsAny('\r', '\n', '\t')
            ? new Violation(
                JobErrorCodes.JobInvalid, $"{field} {Quoted.Value(title)} has not 1 to {JobLimits.MaxTitleLength} characters on one line.", $"Give {field} on one line, or leave it out.")
            : null;
    }
}
