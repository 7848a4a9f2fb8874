namespace CosyVoice.Engine;

/// <summary>Chooses the next token.</summary>
public interface ITokenSampler
{
    /// <param name="scores">Logarithms of probabilities, [scores], of forbidden ids negative infinity. May be overwritten.</param>
    DrawnToken Sample(Span<float> scores, TokenDraw draw);
}
