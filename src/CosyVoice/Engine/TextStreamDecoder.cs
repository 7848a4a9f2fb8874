namespace CosyVoice.Engine;

/// <summary>
/// The decoding of one utterance whose text arrives piece by piece (cosyvoice/llm/llm.py, inference_bistream): 5
/// text ids, then 15 speech tokens, and so on; the fill id asks for the next 5; after the last piece the rest of
/// the text and the task id, then speech until the end. The model's yaml states the two numbers.
/// </summary>
public sealed class TextStreamDecoder
{
    private readonly ILanguageModel _model;
    private readonly ITokenSampler _sampler;
    private readonly Func<int, int, double> _uniform;
    private readonly bool _asReference;
    private readonly MixRatio _round;
    private readonly Queue<int> _text = [];
    private readonly Queue<int> _promptSpeech;
    private readonly List<int> _decoded = []; // With fill ids.
    private readonly List<int> _tokens = [];
    private readonly List<LanguageModelInput> _inputs = [LanguageModelInput.Sos];
    private LanguageModelInput[] _seen = []; // The inputs of the last step.
    private int _nextFill;
    private bool _complete;
    private bool _decoding;
    private bool _finalRound;

    /// <param name="uniform">Uniform number of (step, draw).</param>
    /// <param name="asReference">
    /// True: like the reference, which takes at most one round of text from a piece, and feeds the inputs of the last
    /// step a second time when the text ends right after a fill id.
    /// </param>
    public TextStreamDecoder(
        ILanguageModel model, ITokenSampler sampler, MixRatio round, IEnumerable<int> promptText, IReadOnlyCollection<int> promptSpeechTokens,
        Func<int, int, double> uniform, bool asReference = false, int? endOfPromptId = null)
    {
        (_model, _sampler, _round, _uniform, _asReference) = (model, sampler, round, uniform, asReference);
        _promptSpeech = new(promptSpeechTokens);
        _nextFill = (((promptSpeechTokens.Count / _round.Speech) + 1) * _round.Speech) - promptSpeechTokens.Count;
        int[] prompt = [.. promptText];
        var instruction = endOfPromptId is { } end ? Array.IndexOf(prompt, end) + 1 : 0;
        _inputs.AddRange(prompt.Take(instruction).Select(LanguageModelInput.Text));
        Enqueue(prompt.Skip(instruction));
    }

    /// <summary>Speech tokens so far, without fill ids.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    public bool Ended { get; private set; }

    /// <summary>More text ids.</summary>
    public void Append(IEnumerable<int> text)
    {
        if (_complete)
        {
            throw new InvalidOperationException("The text was already completed.");
        }

        Enqueue(text);
        Prepare();
    }

    /// <summary>No more text follows.</summary>
    public void Complete()
    {
        _complete = true;
        Prepare();
    }

    /// <summary>What the model must see next; empty when more text is needed or the utterance has ended.</summary>
    public ReadOnlyMemory<LanguageModelInput> NextInputs() => _decoding && !Ended ? _inputs.ToArray() : default;

    /// <summary>Takes the scores after all of <see cref="NextInputs"/>, [ScoreCount].</summary>
    public void Accept(Span<float> scores)
    {
        _seen = [.. _inputs];
        _inputs.Clear();
        var id = Choose(scores);
        _decoded.Add(id);
        if (id < _model.SpeechTokenCount)
        {
            _tokens.Add(id);
            _inputs.Add(LanguageModelInput.Speech(id));
        }
        else if (id == _model.FillId && !_finalRound)
        {
            _decoding = false;
            if (!_asReference || _complete)
            {
                Prepare();
            }
        }
        else if (id == _model.EndId && _finalRound)
        {
            Ended = true;
        }
        else
        {
            throw new InvalidDataException($"The language model chose the special id {id}, which has no meaning here.");
        }
    }

    private int Choose(Span<float> scores)
    {
        var step = _decoded.Count;
        if (!_finalRound && step == _nextFill)
        {
            _nextFill = step + _round.Speech + 1;
            return _model.FillId;
        }

        if (!_finalRound)
        {
            scores[_model.StopIds[0]] = float.NegativeInfinity;
        }

        var id = _sampler.Sample(scores, _decoded, draw => _uniform(step, draw));
        if (id == _model.FillId)
        {
            _nextFill = step + _round.Speech + 1;
        }

        return id;
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
        while (_promptSpeech.Count > 0 && _text.Count >= _round.Text && !_complete)
        {
            Take(_text, _round.Text, LanguageModelInput.Text);
            Take(_promptSpeech, _round.Speech, LanguageModelInput.Speech);
        }

        if (_decoding)
        {
            return;
        }

        if (_complete)
        {
            Finish();
        }
        else if (_promptSpeech.Count == 0)
        {
            BeginRound();
        }
    }

    private void BeginRound()
    {
        var waitsForText = _decoded.Count > 0 || _inputs.Count == 1;
        if (waitsForText && _text.Count < _round.Text)
        {
            return;
        }

        if (waitsForText)
        {
            Take(_text, _round.Text, LanguageModelInput.Text);
        }

        _decoding = true;
    }

    private void Finish()
    {
        if (_asReference && _decoded.Count > 0)
        {
            _inputs.AddRange(_seen);
        }

        Take(_text, _text.Count, LanguageModelInput.Text);
        _inputs.Add(LanguageModelInput.TaskId);
        (_finalRound, _decoding) = (true, true);
    }

    private void Take(Queue<int> queue, int count, Func<int, LanguageModelInput> input)
    {
        for (var i = Math.Min(count, queue.Count); i > 0; i--)
        {
            _inputs.Add(input(queue.Dequeue()));
        }
    }
}

/// <summary>How many text ids and how many speech tokens alternate (<c>mix_ratio</c>).</summary>
public readonly record struct MixRatio(int Text, int Speech);
