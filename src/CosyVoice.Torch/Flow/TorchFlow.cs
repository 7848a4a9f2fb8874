using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The flow of CosyVoice 2 and 3 on a device, after CausalMaskedDiffWithXvec and CausalMaskedDiffWithDiT of the reference
/// (cosyvoice/flow/flow.py).
///
///   prompt tokens ++ tokens, padded -> encoder = mu                           [frames, 80]
///   speaker embedding / its length -> spk_embed_affine_layer                  [80]
///   noise, mu, speaker, prompt mel -> flow matching -> mel behind the prompt  [frames, 80]
///
/// Every request is computed by itself in shapes that follow from its own length, so no other can change a bit of it. Weights
/// never change; calls may run at once.
/// </summary>
internal sealed class TorchFlow : ITracedFlow
{
    /// <summary>Tokens are padded to a multiple of this, so that few shapes occur.</summary>
    private const int BucketTokens = 32;

    private readonly FlowConfig _config;
    private readonly DeviceStore _store;
    private readonly Workers _workers = new(1);
    private readonly FlowNoise _noise;
    private readonly SpeakerProjection _spkEmbedAffineLayer;
    private readonly IFrameEncoder _encoder;
    private readonly TorchFlowMatching _decoder;

    /// <param name="w">The root of flow.pt.</param>
    /// <param name="store">Becomes this flow's.</param>
    /// <param name="noise">Where the solver starts; the reference's table if null.</param>
    public TorchFlow(DeviceStore store, WeightScope w, FlowConfig config, FlowNoise? noise)
    {
        config.Validate();
        (_store, _config, _noise) = (store, config, noise ?? FlowNoise.Reference);
        if (_noise.Channels != config.OutputSize)
        {
            throw new ArgumentException($"The noise has {_noise.Channels} channels, the mel {config.OutputSize} bins.", nameof(noise));
        }

        _spkEmbedAffineLayer = new SpeakerProjection(w["spk_embed_affine_layer"], config);
        _encoder = config.Encoder is { } encoder
            ? new TorchConformerEncoder(store, w, config, encoder, _workers)
            : new TorchRepeatingEncoder(store, w, config);
        _decoder = new TorchFlowMatching(store, w["decoder"], config, _workers, _noise, BucketTokens * config.TokenMelRatio);
    }

    public int BatchSize => 1;

    public int ShapeOf(int tokens, bool streaming) => 0;

    public IReadOnlyList<HostTensor> Generate(IReadOnlyList<FlowRequest> requests, CancellationToken cancellationToken = default) =>
        [.. requests.Select(request => Generate(request, cancellationToken))];

    public HostTensor Generate(FlowRequest request, CancellationToken cancellationToken = default) => Generate(request, null, cancellationToken);

    public HostTensor Generate(FlowRequest request, FlowTrace? trace, CancellationToken cancellationToken)
    {
        FlowRequestCheck.Check(request, _config, _noise.Frames);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var shown = trace is null ? null : new TorchTrace(trace);
        var tokens = request.PromptTokens.Length + request.Tokens.Length - (request.Finalize ? 0 : _config.PreLookaheadLength);
        var mu = _encoder.Forward(Ids(request, tokens), tokens, request.Streaming, shown);
        cancellationToken.ThrowIfCancellationRequested();
        var frames = tokens * _config.TokenMelRatio;
        shown?.Record("mu", mu, frames);
        using var speaker = _spkEmbedAffineLayer.Project(_workers, request.Embedding.Span);
        shown?.Record("spks", speaker.Span);
        var given = request.PromptMel.Length / _config.OutputSize;
        var mel = _decoder.Solve(mu, speaker.Span, request.PromptMel.Span, frames, request.Streaming, shown, cancellationToken);
        return HostTensor.From(mel.narrow(0, given, frames - given).ToFloats(), frames - given, _config.OutputSize);
    }

    public void Dispose()
    {
        _store.Dispose();
        _spkEmbedAffineLayer.Dispose();
        _workers.Dispose();
    }

    /// <summary>Prompt and tokens, [1, padded + look-ahead]. Ids below zero mean 0, as in the reference.</summary>
    private Tensor Ids(FlowRequest request, int tokens)
    {
        var padded = (tokens + BucketTokens - 1) / BucketTokens * BucketTokens;
        var ids = new int[padded + _config.PreLookaheadLength];
        Array.Fill(ids, _encoder.NoToken);
        request.PromptTokens.CopyTo(ids);
        request.Tokens.CopyTo(ids.AsMemory(request.PromptTokens.Length));
        foreach (ref var id in ids.AsSpan())
        {
            id = Math.Max(0, id);
        }

        return torch.tensor(ids, [1, ids.Length], device: _store.Device);
    }
}
