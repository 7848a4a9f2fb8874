namespace CosyVoice.Engine;

/// <summary>Speech tokens that are known from the beginning; no language model is asked.</summary>
internal sealed class GivenTokens(IReadOnlyList<int> tokens) : ITokenSource
{
    public IReadOnlyList<int> Tokens => tokens;

    public IReadOnlyList<int> Decoded => [];

    public bool Ended => true;

    public ReadOnlyMemory<LanguageModelInput> NextInputs(int limit = int.MaxValue) => default;

    public TokenDraw? Draw(int inputs) => null;

    public void Accept(int inputs, int token) => throw new InvalidOperationException("Given tokens are not drawn.");
}
