namespace CosyVoice.Engine;

/// <summary>Chooses the next token.</summary>
public interface ITokenSampler
{
    /// <param name="scores">Logarithms of probabilities, [scores]; masked entries are negative infinity. May be overwritten.</param>
    /// <param name="decoded">What was decoded before, prompt excluded.</param>
    /// <param name="uniform">The draw-th uniform number of this step, in [0, 1).</param>
    int Sample(Span<float> scores, IReadOnlyList<int> decoded, Func<int, double> uniform);
}
