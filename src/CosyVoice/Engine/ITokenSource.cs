namespace CosyVoice.Engine;

/// <summary>Where the speech tokens of a segment come from. Data and rules only; whoever owns the language model runs it.</summary>
public interface ITokenSource
{
    /// <summary>Speech tokens so far, prompt excluded.</summary>
    IReadOnlyList<int> Tokens { get; }

    /// <summary>What the language model chose so far, which with the request leads here again.</summary>
    IReadOnlyList<int> Decoded { get; }

    /// <summary>Whether there will be no more tokens.</summary>
    bool Ended { get; }

    /// <summary>Inputs that the model has not seen yet, at most <paramref name="limit"/> of them; none while more text is waited for.</summary>
    ReadOnlyMemory<LanguageModelInput> NextInputs(int limit = int.MaxValue);

    /// <summary>How the token behind <paramref name="inputs"/> of them is drawn; null where none follows or it is known.</summary>
    TokenDraw? Draw(int inputs);

    /// <summary>The model has seen <paramref name="inputs"/> of them.</summary>
    /// <param name="token">What was drawn; without meaning where nothing was.</param>
    void Accept(int inputs, int token);
}
