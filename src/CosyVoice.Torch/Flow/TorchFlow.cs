using CosyVoice.Engine;
using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
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
/// Shapes follow from a request's own length and from how many requests a call computes, used or not, so no other request can
/// change a bit of it. Weights never change; calls may run at once.
/// </summary>
internal sealed class TorchFlow : ITracedFlow
{
    /// <summary>Tokens are padded to a multiple of this, so that few shapes occur.</summary>
    private const int BucketTokens = 32;

    private readonly FlowConfig _config;
    private readonly DeviceStore _store;
    private readonly TorchOptions _options;
    private readonly Workers _workers = new(1);
    private readonly FlowNoise _noise;
    private readonly SpeakerProjection _spkEmbedAffineLayer;
    private readonly IFrameEncoder _encoder;
    private readonly TorchFlowMatching _decoder;

    /// <param name="w">The root of flow.pt.</param>
    /// <param name="store">Becomes this flow's.</param>
    /// <param name="noise">Where the solver starts; the reference's table if null.</param>
    public TorchFlow(DeviceStore store, WeightScope w, FlowConfig config, FlowNoise? noise, TorchOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ChunkRows, 1, nameof(options.ChunkRows));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ChunkRows, 64, nameof(options.ChunkRows));
        config.Validate();
        (_options, _store, _config, _noise) = (options, store, config, noise ?? FlowNoise.Reference);
        if (_noise.Channels != config.OutputSize)
        {
            throw new ArgumentException($"The noise has {_noise.Channels} channels, the mel {config.OutputSize} bins.", nameof(noise));
        }

        var layers = new FlowStore(store, options.ChunkRows);
        _spkEmbedAffineLayer = new SpeakerProjection(w["spk_embed_affine_layer"], config);
        _encoder = config.Encoder is { } encoder
            ? new TorchConformerEncoder(layers, w, config, encoder, _workers)
            : new TorchRepeatingEncoder(layers, w, config);
        _decoder = new TorchFlowMatching(layers, w["decoder"], config, _workers, _noise, BucketTokens * config.TokenMelRatio);
    }

    /// <summary>Requests that every call computes, used or not.</summary>
    public int BatchSize => _options.ChunkRows;

    /// <summary>Tokens that a request is padded to.</summary>
    public int ShapeOf(int tokens, bool finalize) =>
        (tokens - (finalize ? 0 : _config.PreLookaheadLength) + BucketTokens - 1) / BucketTokens * BucketTokens;

    public HostTensor Generate(FlowRequest request, CancellationToken cancellationToken = default) => Generate(request, null, cancellationToken);

    public HostTensor Generate(FlowRequest request, FlowTrace? trace, CancellationToken cancellationToken) =>
        Generate([request], trace, cancellationToken)[0];

    public IReadOnlyList<HostTensor> Generate(IReadOnlyList<FlowRequest> requests, CancellationToken cancellationToken = default) =>
        Generate(requests, null, cancellationToken);

    private IReadOnlyList<HostTensor> Generate(IReadOnlyList<FlowRequest> requests, FlowTrace? trace, CancellationToken cancellationToken)
    {
        Check(requests);
        return TorchMemory.Guard(_options, () => Compute(requests, trace, cancellationToken));
    }

    private HostTensor[] Compute(IReadOnlyList<FlowRequest> requests, FlowTrace? trace, CancellationToken cancellationToken)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var shown = trace is null ? null : new TorchTrace(trace);
        var size = PaddedTokens(requests[0]);
        var unused = Enumerable.Repeat((size, false), BatchSize - requests.Count);
        var batch = new FlowBatch([.. requests.Select(request => (Tokens(request), request.Streaming)), .. unused], size);
        var mu = _encoder.Forward(Ids(requests, size), batch, shown);
        cancellationToken.ThrowIfCancellationRequested();
        shown?.Record("mu", mu, batch.FirstTokens * _config.TokenMelRatio);
        float[][] speakers = [.. requests.Select(Speaker)];
        shown?.Record("spks", speakers[0]);
        var mel = _decoder.Solve(mu, requests, speakers, batch, shown, cancellationToken);
        return [.. requests.Select((request, i) => Take(mel.select(0, i), request))];
    }

    public void Dispose()
    {
        _store.Dispose();
        _spkEmbedAffineLayer.Dispose();
        _workers.Dispose();
    }

    private int PaddedTokens(FlowRequest request) => ShapeOf(request.PromptTokens.Length + request.Tokens.Length, request.Finalize);

    /// <summary>Tokens that yield frames, those of the prompt included.</summary>
    private int Tokens(FlowRequest request) =>
        request.PromptTokens.Length + request.Tokens.Length - (request.Finalize ? 0 : _config.PreLookaheadLength);

    private void Check(IReadOnlyList<FlowRequest> requests)
    {
        if (requests.Count < 1 || requests.Count > BatchSize)
        {
            throw new ArgumentException($"{requests.Count} requests in one call; this flow takes 1 to {BatchSize}.", nameof(requests));
        }

        foreach (var request in requests)
        {
            FlowRequestCheck.Check(request, _config, _noise.Frames);
            if (PaddedTokens(request) != PaddedTokens(requests[0]))
            {
                throw new ArgumentException(
                    $"Requests of {PaddedTokens(request)} and {PaddedTokens(requests[0])} padded tokens in one call; give those of one length.", nameof(requests));
            }
        }
    }

    /// <summary>Prompts and tokens, [width, size + look-ahead]. Ids below zero mean 0, as in the reference.</summary>
    private Tensor Ids(IReadOnlyList<FlowRequest> requests, int size)
    {
        var row = size + _config.PreLookaheadLength;
        var ids = new int[BatchSize * row];
        Array.Fill(ids, _encoder.NoToken);
        for (var i = 0; i < requests.Count; i++)
        {
            var tokens = ids.AsSpan(i * row, row);
            requests[i].PromptTokens.Span.CopyTo(tokens);
            requests[i].Tokens.Span.CopyTo(tokens[requests[i].PromptTokens.Length..]);
        }

        foreach (ref var id in ids.AsSpan())
        {
            id = Math.Max(0, id);
        }

        return tensor(ids, [BatchSize, row], device: _store.Device);
    }

    private float[] Speaker(FlowRequest request)
    {
        using var speaker = _spkEmbedAffineLayer.Project(_workers, request.Embedding.Span);
        return speaker.Span.ToArray();
    }

    /// <summary>The frames behind the prompt's mel, of mel [size, mel bins].</summary>
    private HostTensor Take(Tensor mel, FlowRequest request)
    {
        var given = request.PromptMel.Length / _config.OutputSize;
        var frames = (Tokens(request) * _config.TokenMelRatio) - given;
        return HostTensor.From(mel.narrow(0, given, frames).ToFloats(), frames, _config.OutputSize);
    }
}
