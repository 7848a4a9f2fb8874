using System.Runtime.InteropServices;
using CosyVoice.Engine;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;

namespace CosyVoice.Torch.LanguageModel;

// The language model of CosyVoice 2 and 3 on a device; the same as SpeechLanguageModel.
//
//   inputs of all steps -> passes of DecodeRows rows (see TorchPass), all numbers to the device at once
//   each pass: embeddings [rows, hidden] -> layers -> rows that give scores: norm, llm_decoder, both in fp32
//   scores [steps, ScoreCount] to the host at once, or into the sampler, and its tokens [steps] to the host

/// <summary>Which speech token follows, computed on a device.</summary>
internal sealed class TorchLanguageModel : ITracedLanguageModel
{
    private readonly TorchOptions _options;
    private readonly SpeechLanguageModelConfig _config;
    private readonly Device _device;
    private readonly DeviceStore _store;
    private readonly Lock _computing = new();
    private readonly TorchInputTable _inputs;
    private readonly TorchQwen2 _backbone;
    private readonly RowLinear _llmDecoder; // fp32
    private readonly TorchCacheBlocks _cache;
    private readonly TorchTables _tables;

    /// <param name="weights">In the type that is computed with.</param>
    /// <param name="exact">In fp32.</param>
    public TorchLanguageModel(
        DeviceStore store, WeightScope w, SpeechLanguageModelConfig config, TorchOptions options, TorchWeights weights, TorchWeights exact)
    {
        Check(nameof(options.DecodeRows), options.DecodeRows, 1, 256);
        Check(nameof(options.CachePositions), options.CachePositions, 1024, int.MaxValue);
        (_options, _config, _device, _store) = (options, config, store.Device, store);
        var backbone = config.Backbone;
        StopIds = [.. Enumerable.Range(SpeechTokenCount, config.SpecialTokenCount)];
        _inputs = new(w, config, weights, store);
        _backbone = new(w["llm.model.model"], backbone, options.DecodeRows, weights, exact, store);
        var decoder = w["llm_decoder"];
        _llmDecoder = new(
            exact.Get(decoder, "weight", ScoreCount, backbone.HiddenSize), IsThird ? null : exact.Get(decoder, "bias", ScoreCount),
            options.DecodeRows, adds: false, store);
        w["llm.model.lm_head"].Ignore("weight"); // Scores of text, tied to embed_tokens; speech does not use it.
        _cache = new(options, backbone.Layers, backbone.KeyValueHeads * backbone.HeadSize, TorchTables.BytesOfPosition(backbone, store.Type), store);
        _tables = new(backbone, _cache.Positions, weights, store);
    }

    public int TextTokenCount => _config.Backbone.VocabularySize;

    public int SpeechTokenCount => _config.SpeechTokenCount;

    public int ScoreCount => SpeechTokenCount + _config.SpecialTokenCount;

    public IReadOnlyList<int> StopIds { get; }

    public int EndId => SpeechTokenCount + (IsThird ? 1 : 0);

    public int FillId => SpeechTokenCount + (IsThird ? 3 : 2);

    internal TorchCacheBlocks Blocks => _cache;

    private bool IsThird => _config.Kind == ModelKind.CosyVoice3;

    public ISequenceCache CreateCache() => new TorchSequenceCache(_cache);

    /// <exception cref="TorchMemoryException">The device, or its KV cache, has no room; the caches are as before.</exception>
    public void Forward(IReadOnlyList<LanguageModelStep> steps, Span<float> scores)
    {
        if (scores.Length != steps.Count * ScoreCount)
        {
            throw new ArgumentException($"{scores.Length} scores do not hold [{steps.Count}, {ScoreCount}].", nameof(scores));
        }

        Append(steps, () => ToHost(Score(steps, steps.Count, []).Scores)).CopyTo(scores);
    }

    /// <exception cref="TorchMemoryException">The device, or its KV cache, has no room; the caches are as before.</exception>
    public void Sample(IReadOnlyList<LanguageModelStep> steps, ITokenSampler sampler, Span<DrawnToken> tokens)
    {
        if (sampler is not TorchSampler own)
        {
            this.SampleOnHost(steps, sampler, tokens);
            return;
        }

        var drawn = Append(steps, () =>
        {
            var rows = (steps.Count + _options.DecodeRows - 1) / _options.DecodeRows * _options.DecodeRows; // Few different shapes.
            var numbers = new List<long>(rows * own.NumbersOfRow);
            own.Write(steps.Select(step => step.Draw).Concat(new TokenDraw?[rows - steps.Count]), numbers, ScoreCount - SpeechTokenCount);
            var (scores, onDevice) = Score(steps, rows, numbers);
            return steps.Any(step => step.Draw is not null)
                ? TorchSampler.Read(own.Draw(scores, SpeechTokenCount, onDevice.narrow(0, 0, rows * own.NumbersOfRow)))
                : [];
        });
        for (var i = 0; i < drawn.Length && i < steps.Count; i++)
        {
            tokens[i] = steps[i].Draw is null ? tokens[i] : drawn[i];
        }
    }

    public void Dispose() => _store.Dispose();

    HostTensor ITracedLanguageModel.Embed(IReadOnlyList<LanguageModelStep> steps) => Compute(() =>
    {
        using var rows = tensor(steps.SelectMany(step => step.Inputs.ToArray()).Select(input => _inputs[input]).ToArray());
        return Rows(_inputs.Rows.index_select(0, rows.to(_device)));
    });

    HostTensor ITracedLanguageModel.ForwardHidden(IReadOnlyList<LanguageModelStep> steps) => Append(steps, () =>
    {
        var parts = new List<Tensor>();
        Run(steps, steps.Count, [], (pass, _, x) => parts.Add(_backbone.Finish(x).narrow(0, 0, pass.Rows.Count).MoveToOuterDisposeScope()));
        return Rows(cat(parts, 0));
    });

    HostTensor ITracedLanguageModel.Decode(HostTensor hidden) => Compute(() =>
    {
        using var x = tensor(hidden.Span.ToArray(), [hidden.Rows, hidden.Columns]);
        var passes = x.to(_device).split(_options.DecodeRows).Select(
            part => _llmDecoder.Forward(nn.functional.pad(part, [0, 0, 0, _options.DecodeRows - part.shape[0]])));
        return Rows(cat([.. passes], 0).narrow(0, 0, hidden.Rows));
    });

    (HostTensor Keys, HostTensor Values) ITracedLanguageModel.Remembered(ISequenceCache cache, int layer) => Compute(() =>
    {
        var held = (TorchSequenceCache)cache;
        using var slots = tensor(Enumerable.Range(0, held.Length).Select(held.Slot).ToArray());
        var both = _cache.Slots[layer].index_select(0, slots.to(_device)).chunk(2, 1);
        return (Rows(both[0]), Rows(both[1]));
    });

    private static void Check(string name, int value, int smallest, int largest)
    {
        if (value < smallest || value > largest)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Must be {smallest} to {largest}.");
        }
    }

    private static HostTensor Rows(Tensor x) => HostTensor.From(ToHost(x), (int)x.shape[0], (int)x.shape[1]);

    private static float[] ToHost(Tensor x)
    {
        using var host = x.to(ScalarType.Float32, CPU).contiguous();
        return MemoryMarshal.Cast<byte, float>(host.bytes).ToArray();
    }

    private T Compute<T>(Func<T> work)
    {
        lock (_computing)
        {
            return TorchMemory.Guard(_options, () =>
            {
                using var scope = NewDisposeScope();
                using var inference = inference_mode();
                return work();
            });
        }
    }

    /// <summary>Computes what appends to caches; where that fails, they are as before.</summary>
    private T Append<T>(IReadOnlyList<LanguageModelStep> steps, Func<T> work) => Compute(() =>
    {
        var before = steps.Select(step => (Cache: Own(step), step.Cache.Length)).ToArray();
        try
        {
            return work();
        }
        catch
        {
            Array.ForEach(before, one => one.Cache.Shrink(one.Length));
            throw;
        }
    });

    /// <summary>The scores of all steps, [rows, ScoreCount] of which the first are theirs, and all numbers on the device.</summary>
    private (Tensor Scores, Tensor Numbers) Score(IReadOnlyList<LanguageModelStep> steps, int rows, List<long> numbers)
    {
        var scores = empty([rows + 1, ScoreCount], ScalarType.Float32, _device);
        var onDevice = Run(steps, rows, numbers, (pass, inputs, x) =>
        {
            if (pass.HasScores)
            {
                scores.index_copy_(0, inputs.Scores, _llmDecoder.Forward(_backbone.Finish(x)));
            }
        });
        return (scores.narrow(0, 0, rows), onDevice);
    }

    /// <summary>Appends the inputs to their caches, pass by pass.</summary>
    /// <param name="noScore">The row of scores for inputs that give none.</param>
    /// <param name="numbers">The caller's, to which those of the passes are added.</param>
    /// <param name="use">Takes what the layers gave of a pass, [DecodeRows, hidden].</param>
    /// <returns>All numbers on the device.</returns>
    private Tensor Run(
        IReadOnlyList<LanguageModelStep> steps, int noScore, List<long> numbers, Action<TorchPass, TorchPassInputs, Tensor> use)
    {
        var (own, rows) = (numbers.Count, new List<TorchRow>());
        for (var i = 0; i < steps.Count; i++)
        {
            Append(steps[i], i, rows, numbers);
        }

        var taken = numbers.Count - own;
        var passes = TorchPass.Write(rows, _options.DecodeRows, noScore, numbers);
        using var host = tensor(numbers.ToArray());
        var onDevice = host.to(_device);
        if (taken > 0)
        {
            _cache.Clear(onDevice.narrow(0, own, taken));
        }

        foreach (var pass in passes)
        {
            using var scope = NewDisposeScope();
            var inputs = new TorchPassInputs(pass, _options.DecodeRows, onDevice, _tables);
            var x = _inputs.Rows.index_select(0, inputs.Inputs);
            _backbone.Forward(x, inputs, _cache);
            use(pass, inputs, x);
        }

        return onDevice;
    }

    private void Append(LanguageModelStep step, int index, List<TorchRow> rows, List<long> taken)
    {
        if (step.Inputs.IsEmpty)
        {
            throw new ArgumentException("A step needs at least one input.", nameof(step));
        }

        var (cache, start) = ((TorchSequenceCache)step.Cache, step.Cache.Length);
        taken.AddRange(cache.Extend(step.Inputs.Length).Select(block => (long)block));
        for (var i = 0; i < step.Inputs.Length; i++)
        {
            rows.Add(new(cache, start + i, _inputs[step.Inputs.Span[i]], i == step.Inputs.Length - 1 ? index : -1));
        }
    }

    private TorchSequenceCache Own(LanguageModelStep step) => step.Cache is TorchSequenceCache cache && cache.IsOf(_cache)
        ? cache
        : throw new ArgumentException("A step's cache must come from this model's CreateCache.", nameof(step));
}
