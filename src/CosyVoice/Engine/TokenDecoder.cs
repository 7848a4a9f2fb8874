namespace CosyVoice.Engine;

/// <summary>
/// The decoding of one utterance whose text is known: which inputs come next, what a row of scores means, when
/// it ends. Data and rules only; whoever owns the language model runs it.
/// </summary>
public sealed class TokenDecoder : ITokenSource
{
    private readonly ILanguageModel _model;
    private readonly ITokenSampler _sampler;
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
        ILanguageModel model, ITokenSampler sampler, Utterance utterance, Func<int, int, double> uniform, bool maskEveryStopId = true,
        IReadOnlyList<int>? known = null)
    {
        (_model, _sampler, _uniform, _maskEveryStopId) = (model, sampler, uniform, maskEveryStopId);
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

    /// <summary>
    /// Takes the scores after <paramref name="inputs"/> inputs, [ScoreCount]. They mean nothing until the last input
    /// of a prompt has been seen.
    /// </summary>
    public void Accept(int inputs, Span<float> scores)
    {
        _given += inputs;
        if (_given < _inputs.Length)
        {
            return;
        }

        var step = _tokens.Count;
        if (step < MinimumLength)
        {
            scores[_model.StopIds[0]] = float.NegativeInfinity;
            for (var i = 1; _maskEveryStopId && i < _model.StopIds.Count; i++)
            {
                scores[_model.StopIds[i]] = float.NegativeInfinity;
            }
        }

        var id = _sampler.Sample(scores, _tokens, draw => _uniform(step, draw));
        if (id >= _model.SpeechTokenCount)
        {
            Ended = true;
            return;
        }

        _tokens.Add(id);
        (_inputs, _given) = ([LanguageModelInput.Speech(id)], 0);
        Ended = _tokens.Count == MaximumLength;
    }
}
