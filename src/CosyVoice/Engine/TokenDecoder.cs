namespace CosyVoice.Engine;

/// <summary>
/// The decoding of one utterance whose text is known: which inputs come next, how a token is drawn, when
/// it ends. Data and rules only; whoever owns the language model runs it.
/// </summary>
public sealed class TokenDecoder : ITokenSource
{
    private readonly ILanguageModel _model;
    private readonly Func<int, int, double> _uniform;
    private readonly bool _maskEveryStopId;
    private readonly List<int> _tokens = [];
    private LanguageModelInput[] _inputs;
    private int _given;

    /// <param name="uniform">Uniform number of (step, draw).</param>
    /// <param name="known">What was decoded before, elsewhere; decoding goes on behind it, the same as if nothing had happened.</param>
    /// <param name="maskEveryStopId">
    /// False: like the reference, only the first stop id is masked before the minimum length, so that an utterance
    /// can end at once by another one (in CosyVoice 3 by the end id itself).
    /// </param>
    public TokenDecoder(
        ILanguageModel model, Utterance utterance, Func<int, int, double> uniform, bool maskEveryStopId = true, IReadOnlyList<int>? known = null)
    {
        (_model, _uniform, _maskEveryStopId) = (model, uniform, maskEveryStopId);
        (MinimumLength, MaximumLength) = (utterance.MinimumLength, utterance.MaximumLength);
        _tokens.AddRange(known ?? []);
        _inputs =
        [
            LanguageModelInput.Sos,
            .. utterance.PromptText.Select(LanguageModelInput.Text),
            .. utterance.Text.Select(LanguageModelInput.Text),
            LanguageModelInput.TaskId,
            .. utterance.PromptSpeechTokens.Select(LanguageModelInput.Speech),
            .. _tokens.Select(LanguageModelInput.Speech),
        ];
        Ended = _tokens.Count >= MaximumLength;
    }

    public int MinimumLength { get; }

    public int MaximumLength { get; }

    /// <summary>Speech tokens so far, prompt excluded.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    IReadOnlyList<int> ITokenSource.Decoded => _tokens;

    public bool Ended { get; private set; }

    /// <summary>Inputs that the model has not seen yet, at most <paramref name="limit"/> of them.</summary>
    public ReadOnlyMemory<LanguageModelInput> NextInputs(int limit = int.MaxValue) =>
        _inputs.AsMemory(_given, Math.Min(limit, _inputs.Length - _given));

    /// <summary>How the token behind <paramref name="inputs"/> inputs is drawn; null while the prompt has not been seen to its end.</summary>
    public TokenDraw? Draw(int inputs)
    {
        if (_given + inputs < _inputs.Length)
        {
            return null;
        }

        var step = _tokens.Count;
        var special = step >= MinimumLength ? Range.All : _maskEveryStopId ? 0..0 : 1..;
        return new(_tokens, draw => _uniform(step, draw), special);
    }

    /// <summary>The model has seen <paramref name="inputs"/> more inputs.</summary>
    /// <param name="token">What was drawn; without meaning where nothing was.</param>
    public void Accept(int inputs, int token)
    {
        _given += inputs;
        if (_given < _inputs.Length)
        {
            return;
        }

        if (token >= _model.SpeechTokenCount)
        {
            Ended = true;
            return;
        }

        _tokens.Add(token);
        (_inputs, _given) = ([LanguageModelInput.Speech(token)], 0);
        Ended = _tokens.Count == MaximumLength;
    }
}
