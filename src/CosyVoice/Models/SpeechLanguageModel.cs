using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Weights;

namespace CosyVoice.Models;

// The language model of CosyVoice 2 (arXiv 2412.10117) and 3 (cosyvoice/llm/llm.py, Qwen2LM and CosyVoice3LM).
//
//   inputs: sos, text ids, task id, speech ids  -> rows of llm_embedding / embed_tokens / speech_embedding, [rows, hidden]
//                                                  (version 3 has sos and task id among the speech ids)
//   Qwen2                                       -> [rows, hidden]
//   llm_decoder of each sequence's last row     -> scores [sequences, codebook + special ids]

/// <summary>Which speech token follows; ids above the codebook are special.</summary>
public sealed class SpeechLanguageModel : ITracedLanguageModel
{
    private readonly SpeechLanguageModelConfig _config;
    private readonly Workers _workers;
    private readonly Embedding? _llmEmbedding; // sos, task id; CosyVoice 2 only
    private readonly Embedding _embedTokens;
    private readonly Embedding _speechEmbedding;
    private readonly Qwen2 _backbone;
    private readonly ResidentLinear _llmDecoder;
    private readonly Checkpoint _checkpoint;

    /// <summary>Reads the weights of <paramref name="checkpoint"/>, stays on its mapped memory and disposes it in the end.</summary>
    /// <exception cref="CheckpointException">Tensors are missing, of another shape, or left over.</exception>
    public SpeechLanguageModel(Checkpoint checkpoint, SpeechLanguageModelConfig config, Workers workers)
    {
        (_checkpoint, _config, _workers) = (checkpoint, config, workers);
        var hidden = config.Backbone.HiddenSize;
        var w = new WeightScope(checkpoint);
        StopIds = [.. Enumerable.Range(SpeechTokenCount, config.SpecialTokenCount)];
        _llmEmbedding = IsThird ? null : new Embedding(w["llm_embedding"], 2, hidden);
        _embedTokens = new Embedding(w["llm.model.model.embed_tokens"], config.Backbone.VocabularySize, hidden);
        _speechEmbedding = new Embedding(w["speech_embedding"], ScoreCount, hidden);
        _backbone = new Qwen2(w["llm.model.model"], config.Backbone);
        _llmDecoder = new ResidentLinear(w["llm_decoder"], hidden, ScoreCount, bias: !IsThird);
        w["llm.model.lm_head"].Ignore("weight"); // Scores of text, tied to embed_tokens; speech does not use it.
        w.ThrowIfIncomplete();
    }

    public int TextTokenCount => _config.Backbone.VocabularySize;

    public int SpeechTokenCount => _config.SpeechTokenCount;

    public int ScoreCount => SpeechTokenCount + _config.SpecialTokenCount;

    public IReadOnlyList<int> StopIds { get; }

    public int EndId => SpeechTokenCount + (IsThird ? 1 : 0);

    public int FillId => SpeechTokenCount + (IsThird ? 3 : 2);

    private bool IsThird => _config.Kind == ModelKind.CosyVoice3;

    public ISequenceCache CreateCache() =>
        new KeyValueCache(_config.Backbone.Layers, _config.Backbone.KeyValueHeads * _config.Backbone.HeadSize);

    public void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores)
    {
        if (scores.Length != steps.Count * ScoreCount)
        {
            throw new ArgumentException($"{scores.Length} scores do not hold [{steps.Count}, {ScoreCount}].", nameof(scores));
        }

        using var hidden = ForwardHidden(steps);
        using var last = new Tensor(steps.Count, hidden.Columns);
        for (var (step, end) = (0, 0); step < steps.Count; step++)
        {
            end += steps[step].Inputs.Length;
            hidden.Row(end - 1).CopyTo(last.Row(step));
        }

        using var result = Decode(last);
        result.Span.CopyTo(scores);
    }

    public void Dispose()
    {
        _llmEmbedding?.Dispose();
        _embedTokens.Dispose();
        _speechEmbedding.Dispose();
        _backbone.Dispose();
        _llmDecoder.Dispose();
        _checkpoint.Dispose();
    }

    Tensor ITracedLanguageModel.Embed(IReadOnlyList<LanguageModelStep> steps) => Embed(steps);

    Tensor ITracedLanguageModel.ForwardHidden(IReadOnlyList<LanguageModelStep> steps) => ForwardHidden(steps);

    Tensor ITracedLanguageModel.Decode(Tensor hidden) => Decode(hidden);

    (Tensor Keys, Tensor Values) ITracedLanguageModel.Remembered(ISequenceCache cache, int layer) =>
        (((KeyValueCache)cache).Keys(layer), ((KeyValueCache)cache).Values(layer));

    /// <summary>Appends the inputs to their caches; the final hidden state of every input, [inputs of all steps, hidden].</summary>
    private Tensor ForwardHidden(IReadOnlyList<LanguageModelStep> steps)
    {
        var rows = new List<Qwen2Row>();
        var x = Embed(steps);
        foreach (var (cache, inputs) in steps)
        {
            var held = (KeyValueCache)cache;
            rows.AddRange(Enumerable.Range(held.Length, inputs.Length).Select(position => new Qwen2Row(held, position)));
            held.Extend(inputs.Length);
        }

        using var scratch = new Qwen2Scratch();
        _backbone.Forward(_workers, x, rows, scratch);
        return x;
    }

    /// <summary>Hidden states [rows, hidden] to scores [rows, ScoreCount].</summary>
    private Tensor Decode(Tensor hidden)
    {
        var scores = new Tensor();
        _llmDecoder.Forward(_workers, hidden, scores);
        return scores;
    }

    /// <summary>The inputs' embeddings, [inputs of all steps, hidden].</summary>
    private Tensor Embed(IReadOnlyList<LanguageModelStep> steps)
    {
        var x = new Tensor(steps.Sum(step => step.Inputs.Length), _config.Backbone.HiddenSize);
        var row = 0;
        foreach (var step in steps)
        {
            if (step.Inputs.IsEmpty)
            {
                throw new ArgumentException("A step needs at least one input.", nameof(steps));
            }

            foreach (var (kind, id) in step.Inputs.Span)
            {
                var embedding = kind switch
                {
                    LanguageModelInputKind.Sos => _llmEmbedding is { } marks ? marks[0] : _speechEmbedding[SpeechTokenCount],
                    LanguageModelInputKind.TaskId => _llmEmbedding is { } marks ? marks[1] : _speechEmbedding[SpeechTokenCount + 2],
                    LanguageModelInputKind.Text => _embedTokens[id],
                    _ => _speechEmbedding[id],
                };
                embedding.CopyTo(x.Row(row++));
            }
        }

        return x;
    }
}
