using CosyOrleans.Service.Synthesis;

namespace CosyOrleans.Service.Admission;

/// <summary>What somebody who enters the queue wants to have made.</summary>
/// <param name="TextTokens">Of the whole text.</param>
/// <param name="Speed">0.5 to 2.</param>
internal sealed record SpeechWork(int TextTokens, double Speed)
{
    /// <summary>How long it will sound at speed 1 where that is known without a text, as of a recording; null: the text decides.</summary>
    public double? Seconds { get; init; }

    public SpeechLane Lane { get; init; }

    /// <summary>Who asks; null: nobody in particular.</summary>
    public string? Tenant { get; init; }

    /// <summary>Whether it began elsewhere.</summary>
    public bool IsResumption { get; init; }

    /// <summary>Seconds of its sound that need not be made again.</summary>
    public double SecondsBefore { get; init; }
}
