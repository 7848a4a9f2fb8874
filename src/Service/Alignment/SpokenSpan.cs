namespace CosyOrleans.Service.Alignment;

/// <summary>A stretch of a speech and what is said in it.</summary>
/// <param name="Text">As it was read out.</param>
/// <param name="Begin">Seconds from the beginning of the speech.</param>
/// <param name="End">Not before <paramref name="Begin"/>.</param>
public sealed record SpokenSpan(string Text, double Begin, double End);

/// <summary>A segment, whose beginning and end are exact to the sample, with its words, whose times are estimated.</summary>
/// <param name="Segment">Counts from 0.</param>
/// <param name="Text">As it was read out.</param>
/// <param name="Words">In order, without gaps in the text but for blanks: marks belong to the word before them. Chinese characters are words.</param>
public sealed record SpokenSegment(int Segment, string Text, double Begin, double End, IReadOnlyList<SpokenSpan> Words);
