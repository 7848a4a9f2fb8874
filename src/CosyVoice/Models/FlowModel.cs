using System.Collections.Concurrent;
using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The flow of CosyVoice 2 and 3, after CausalMaskedDiffWithXvec and CausalMaskedDiffWithDiT of the reference
/// (cosyvoice/flow/flow.py).
///
///   prompt tokens ++ tokens -> embedding -> encoder = mu                      [frames, 80]
///   speaker embedding / its length -> spk_embed_affine_layer                  [80]
///   noise, mu, speaker, prompt mel -> flow matching -> mel behind the prompt  [frames, 80]
///
/// Weights are immutable once loaded; every call has scratch of its own, so calls may run at once.
/// </summary>
public sealed class FlowModel : ITracedFlow
{
    private readonly FlowConfig _config;
    private readonly Workers _workers;
    private readonly FlowNoise _noise;
    private readonly float[] _inputEmbedding; // [vocabulary, input size]
    private readonly SpeakerProjection _spkEmbedAffineLayer;
    private readonly IFlowEncoder _encoder;
    private readonly FlowMatching _decoder;
    private readonly ConcurrentBag<FlowScratch> _idle = [];

    /// <param name="w">The root of flow.pt. Copied; the checkpoint may be closed afterwards.</param>
    /// <param name="noise">Where the solver starts; the reference's table if null.</param>
    public FlowModel(WeightScope w, FlowConfig config, Workers workers, FlowNoise? noise = null)
    {
        config.Validate();
        (_config, _workers, _noise) = (config, workers, noise ?? FlowNoise.Reference);
        if (_noise.Channels != config.OutputSize)
        {
            throw new ArgumentException($"The noise has {_noise.Channels} channels, the mel {config.OutputSize} bins.", nameof(noise));
        }

        _inputEmbedding = w["input_embedding"].Get("weight", config.VocabSize, config.InputSize).ToFloats();
        _spkEmbedAffineLayer = new SpeakerProjection(w["spk_embed_affine_layer"], config);
        _encoder = config.Encoder is { } encoder ? new ConformerEncoder(w, config, encoder) : new RepeatingEncoder(w, config);
        _decoder = new FlowMatching(w["decoder"], config, workers, _noise);
    }

    /// <summary>1: a processor is busy with one.</summary>
    public int BatchSize => 1;

    public int ShapeOf(int tokens, bool finalize) => 0;

    public IReadOnlyList<Tensor> Generate(IReadOnlyList<FlowRequest> requests, CancellationToken cancellationToken = default) =>
        [.. requests.Select(request => Generate(request, cancellationToken))];

    public Tensor Generate(FlowRequest request, CancellationToken cancellationToken = default) => Generate(request, null, cancellationToken);

    Tensor ITracedFlow.Generate(FlowRequest request, FlowTrace? trace, CancellationToken cancellationToken) =>
        Generate(request, trace, cancellationToken);

    internal Tensor Generate(FlowRequest request, FlowTrace? trace, CancellationToken cancellationToken)
    {
        FlowRequestCheck.Check(request, _config, _noise.Frames);
        if (!_idle.TryTake(out var s))
        {
            s = new FlowScratch();
        }

        try
        {
            EmbedTokens(request, s.Tokens);
            _encoder.Forward(_workers, request.Streaming, request.Finalize, s, trace);
            cancellationToken.ThrowIfCancellationRequested();
            trace?.Invoke("mu", s.Mu.Span, s.Mu.Columns);
            using var speaker = _spkEmbedAffineLayer.Project(_workers, request.Embedding.Span);
            trace?.Invoke("spks", speaker.Span, speaker.Columns);
            var conditions = new FlowConditions(s.Mu, speaker.Span, request.PromptMel.Span);
            return _decoder.Solve(_workers, conditions, request.Streaming, s.Estimator, trace, cancellationToken);
        }
        finally
        {
            _idle.Add(s);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var scratch))
        {
            scratch.Dispose();
        }

        _spkEmbedAffineLayer.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
    }

    /// <summary>Prompt and tokens to embedded [tokens, input size]. Ids below zero mean 0, as in the reference.</summary>
    private void EmbedTokens(FlowRequest request, Tensor embedded)
    {
        var prompt = request.PromptTokens.Length;
        embedded.Resize(prompt + request.Tokens.Length, _config.InputSize);
        for (var i = 0; i < embedded.Rows; i++)
        {
            var id = Math.Max(0, i < prompt ? request.PromptTokens.Span[i] : request.Tokens.Span[i - prompt]);
            _inputEmbedding.AsSpan(id * _config.InputSize, _config.InputSize).CopyTo(embedded.Row(i));
        }
    }
}
