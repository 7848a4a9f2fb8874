namespace CosyVoice.Engine;

/// <summary>
/// The decoding of one utterance whose text arrives piece by piece (cosyvoice/llm/llm.py, inference_bistream): 5
/// text ids, then 15 speech tokens, and so on; the fill id asks for the next 5; after the last piece the rest of
/// the text and the task id, then speech until the end. The model's yaml states the two numbers.
/// </summary>
/// <remarks>
/// Unlike in the reference, what is decoded depends on the text alone, not on when its pieces arrived: a round begins only
/// when it is known that more text follows it. The end may be chosen only where it has a meaning, and a length is kept.
/// </remarks>
public sealed class TextStreamDecoder : ITokenSource
{
    private readonly ILanguageModel _model;
    private readonly Func<int, int, double> _uniform;
    private readonly bool _asReference;
    private readonly MixRatio _round;
    private readonly LanguageModelInput[] _begin; // sos, and in CosyVoice 3 the instruction.
    private readonly int[] _prompt; // Text of the prompt behind it.
    private readonly int[] _promptSpeech;
    private readonly Queue<int> _known;
    private readonly List<int> _texts = []; // All text ids, prompt excluded.
    private readonly Queue<int> _text = []; // Those not used yet, prompt included.
    private readonly Queue<int> _speech; // Prompt tokens not used yet.
    private readonly List<int> _decoded = []; // With fill ids.
    private readonly List<int> _tokens = [];
    private readonly List<LanguageModelInput> _inputs;
    private LanguageModelInput[] _seen = []; // The inputs of the last step.
    private int _given; // Inputs that the model has seen.
    private int _nextFill;
    private bool _complete;
    private bool _decoding;
    private bool _finalRound;

    /// <param name="uniform">Uniform number of (step, draw).</param>
    /// <param name="asReference">
    /// True: like the reference, which takes at most one round of text from a piece, begins rounds as soon as they are
    /// there, masks only the first stop id, knows no longest length, and feeds the inputs of the last step a second time when
    /// the text ends right after a fill id.
    /// </param>
    /// <param name="endOfPromptId">CosyVoice 3: prompt text up to this id stands in front of everything.</param>
    /// <param name="known">What was <see cref="Decoded"/> before, elsewhere, for the same text.</param>
    public TextStreamDecoder(
        ILanguageModel model, MixRatio round, IEnumerable<int> promptText, IReadOnlyCollection<int> promptSpeechTokens,
        Func<int, int, double> uniform, bool asReference = false, int? endOfPromptId = null, IEnumerable<int>? known = null)
    {
        (_model, _round, _uniform, _asReference) = (model, round, uniform, asReference);
        _promptSpeech = [.. promptSpeechTokens];
        _speech = new(_promptSpeech);
        _known = new(known ?? []);
        _nextFill = (((_promptSpeech.Length / _round.Speech) + 1) * _round.Speech) - _promptSpeech.Length;
        int[] prompt = [.. promptText];
        var instruction = endOfPromptId is { } end ? Array.IndexOf(prompt, end) + 1 : 0;
        _begin = [LanguageModelInput.Sos, .. prompt.Take(instruction).Select(LanguageModelInput.Text)];
        _prompt = prompt[instruction..];
        _inputs = [.. _begin];
        Enqueue(_prompt);
    }

    /// <summary>Speech tokens so far, without fill ids.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Speech tokens and fill ids so far.</summary>
    public IReadOnlyList<int> Decoded => _decoded;

    public bool Ended { get; private set; }

    private int MinimumLength => _asReference ? 0 : new Utterance { Text = _texts }.MinimumLength;

    private int MaximumLength => _asReference ? int.MaxValue : new Utterance { Text = _texts }.MaximumLength;

    /// <summary>More text ids.</summary>
    public void Append(IEnumerable<int> text)
    {
        if (_complete)
        {
            throw new InvalidOperationException("The text was already completed.");
        }

        int[] ids = [.. text];
        _texts.AddRange(ids);
        Enqueue(ids);
        Prepare();
        Replay();
    }

    /// <summary>No more text follows.</summary>
    public void Complete()
    {
        _complete = true;
        Prepare();
        Replay();
    }

    /// <summary>What the model must see next; empty when more text is needed or the utterance has ended.</summary>
    public ReadOnlyMemory<LanguageModelInput> NextInputs(int limit = int.MaxValue) =>
        _decoding && !Ended ? _inputs.Skip(_given).Take(limit).ToArray() : default;

    /// <summary>
    /// How the token behind <paramref name="inputs"/> of <see cref="NextInputs"/> is drawn; null where some of them are left,
    /// and where a round is full, so that the fill id follows.
    /// </summary>
    public TokenDraw? Draw(int inputs)
    {
        var step = _decoded.Count;
        return _given + inputs < _inputs.Count || IsRoundFull ? null : new(_decoded, draw => _uniform(step, draw), Allowed());
    }

    /// <summary>The model has seen <paramref name="inputs"/> of <see cref="NextInputs"/>.</summary>
    /// <param name="token">What was drawn; without meaning where nothing was.</param>
    public void Accept(int inputs, int token)
    {
        _given += inputs;
        if (_given < _inputs.Count)
        {
            return;
        }

        var isFull = IsRoundFull;
        _seen = [.. _inputs];
        _inputs.Clear();
        _given = 0;
        Take(isFull ? _model.FillId : token);
    }

    private bool IsRoundFull => !_finalRound && _decoded.Count == _nextFill;

    /// <summary>The fill id between rounds, and at the end the end id as soon as enough was spoken.</summary>
    private Range Allowed()
    {
        if (_asReference)
        {
            return _finalRound ? Range.All : 1..;
        }

        var only = (!_finalRound ? _model.FillId : _model.EndId) - _model.SpeechTokenCount;
        return !_finalRound || _tokens.Count >= MinimumLength ? only..(only + 1) : 0..0;
    }

    private void Take(int id)
    {
        var step = _decoded.Count;
        if (id == _model.EndId && _finalRound)
        {
            Ended = true;
            return;
        }

        _decoded.Add(id);
        if (id < _model.SpeechTokenCount)
        {
            _tokens.Add(id);
            _inputs.Add(LanguageModelInput.Speech(id));
            Ended = _finalRound && _tokens.Count >= MaximumLength;
        }
        else if (id == _model.FillId && !_finalRound)
        {
            _nextFill = step + _round.Speech + 1;
            _decoding = false;
            if (!_asReference || _complete)
            {
                Prepare();
            }
        }
        else
        {
            throw new InvalidDataException($"The language model chose the special id {id}, which has no meaning here.");
        }
    }

    /// <summary>Goes on with what is known to have been decoded; the model sees all of it at once.</summary>
    private void Replay()
    {
        while (_decoding && !Ended && _known.TryDequeue(out var id))
        {
            Take(id);
        }
    }

    private void Enqueue(IEnumerable<int> text)
    {
        foreach (var id in text)
        {
            _text.Enqueue(id);
        }
    }

    private void Prepare()
    {
        // Prompt text and prompt speech alternate first.
        while (_speech.Count > 0 && _text.Count >= _round.Text && !(_asReference && _complete))
        {
            TakeFrom(_text, _round.Text, LanguageModelInput.Text);
            TakeFrom(_speech, _round.Speech, LanguageModelInput.Speech);
        }

        if (_decoding || _finalRound)
        {
            return;
        }

        if (_asReference ? _complete : _complete && _text.Count <= _round.Text)
        {
            Finish();
        }
        else if (_speech.Count == 0)
        {
            BeginRound();
        }
    }

    private void BeginRound()
    {
        var waitsForText = _decoded.Count > 0 || (_asReference ? _inputs.Count == 1 : _promptSpeech.Length % _round.Speech == 0);
        var needed = _asReference ? _round.Text : _round.Text + 1;
        if (waitsForText && _text.Count < needed)
        {
            return;
        }

        if (waitsForText)
        {
            TakeFrom(_text, _round.Text, LanguageModelInput.Text);
        }

        _decoding = true;
    }

    private void Finish()
    {
        if (_asReference && _decoded.Count > 0)
        {
            _inputs.AddRange(_seen);
        }

        if (!_asReference && _decoded.Count == 0)
        {
            // All of the text came before anything could be spoken: as if it had been there from the beginning.
            _inputs.Clear();
            _inputs.AddRange(
            [
                .. _begin, .. _prompt.Concat(_texts).Select(LanguageModelInput.Text), LanguageModelInput.TaskId,
                .. _promptSpeech.Select(LanguageModelInput.Speech),
            ]);
        }
        else
        {
            TakeFrom(_text, _text.Count, LanguageModelInput.Text);
            _inputs.Add(LanguageModelInput.TaskId);
        }

        (_finalRound, _decoding) = (true, true);
    }

    private void TakeFrom(Queue<int> queue, int count, Func<int, LanguageModelInput> input)
    {
        for (var i = Math.Min(count, queue.Count); i > 0; i--)
        {
            _inputs.Add(input(queue.Dequeue()));
        }
    }
}

/// <summary>How many text ids and how many speech tokens alternate (<c>mix_ratio</c>).</summary>
public readonly record struct MixRatio(int Text, int Speech);
