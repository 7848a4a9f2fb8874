namespace CosyVoice.Engine;

/// <summary>How the token after a step is drawn.</summary>
/// <param name="Decoded">What was decoded before, prompt excluded.</param>
/// <param name="Uniform">The draw-th uniform number of this step, in [0, 1).</param>
/// <param name="Special">Which of the model's <see cref="ILanguageModel.StopIds"/> may be drawn.</param>
public sealed record TokenDraw(IReadOnlyList<int> Decoded, Func<int, double> Uniform, Range Special);

/// <summary>What was drawn.</summary>
/// <param name="Id">-1 where the scores were no numbers.</param>
/// <param name="Draws">How many uniform numbers that took.</param>
public readonly record struct DrawnToken(int Id, int Draws);
