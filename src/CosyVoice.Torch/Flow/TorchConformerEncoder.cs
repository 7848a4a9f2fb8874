using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using TorchSharp;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The encoder of CosyVoice 2's flow, after UpsampleConformerEncoder of the reference (cosyvoice/transformer/upsample_encoder.py).
///
///   tokens                embedded, linear, norm, times sqrt(width): a table made at load   [size + look-ahead]
///     pre_lookahead      two convolutions that see three tokens ahead                       [size]
///     encoders           conformer layers, relative positions
///     up_layer           every frame twice, causal convolution                              [2 size]
///     up_embed           linear, norm, times sqrt(width)
///     up_encoders        four conformer layers
///     after_norm; encoder_proj                                                              [2 size]
/// </summary>
internal sealed class TorchConformerEncoder : IFrameEncoder
{
    private const int UpEncoders = 4;

    private readonly FlowStore _store;
    private readonly FlowConfig _config;
    private readonly FlowEncoderConfig _encoder;
    private readonly Tensor _embed; // [vocabulary + 1, width], zeros last
    private readonly Tensor _rates; // [width / 2], fp32
    private readonly TorchLookahead _preLookaheadLayer;
    private readonly TorchConformerLayer[] _encoders;
    private readonly CausalConvolution _upLayer;
    private readonly Projection _upEmbed;
    private readonly Normalization _upEmbedNorm;
    private readonly TorchConformerLayer[] _upEncoders;
    private readonly Normalization _afterNorm;
    private readonly Projection _encoderProj;

    /// <param name="flow">The root of flow.pt.</param>
    public TorchConformerEncoder(FlowStore store, WeightScope flow, FlowConfig config, FlowEncoderConfig encoder, Workers workers)
    {
        (_store, _config, _encoder) = (store, config, encoder);
        var (w, width) = (flow["encoder"], encoder.OutputSize);
        _embed = Embed(store, flow["input_embedding"], w["embed"], config, width, workers);
        _rates = store.Keep(torch.tensor(RelativePositions.Rates(width), device: store.Device));
        _preLookaheadLayer = new TorchLookahead(store, w["pre_lookahead_layer"], width, width, config.PreLookaheadLength);
        _encoders = [.. Enumerable.Range(0, encoder.Blocks).Select(i => new TorchConformerLayer(store, w["encoders"][i], encoder))];
        _upLayer = new CausalConvolution(store, w["up_layer"]["conv"], width, width, (2 * config.TokenMelRatio) + 1);
        _upEmbed = new Projection(store, w["up_embed"]["out"][0], width, width);
        _upEmbedNorm = new Normalization(store, w["up_embed"]["out"][1], width, 1e-5);
        _upEncoders = [.. Enumerable.Range(0, UpEncoders).Select(i => new TorchConformerLayer(store, w["up_encoders"][i], encoder))];
        _afterNorm = new Normalization(store, w["after_norm"], width, 1e-5);
        _encoderProj = new Projection(store, flow["encoder_proj"], width, config.OutputSize);
    }

    public int NoToken => _config.VocabSize;

    public Tensor Forward(Tensor ids, FlowBatch batch, TorchTrace? trace)
    {
        var (width, ratio) = (_encoder.OutputSize, _config.TokenMelRatio);
        var tokens = batch.FirstTokens;
        var embedded = _embed.index_select(0, ids.view(-1)).view(batch.Count, -1, width);
        trace?.Record("embed_out", embedded, tokens);
        var x = _preLookaheadLayer.Forward(embedded);
        trace?.Record("pre_lookahead_out", x, tokens);
        x = Run(_encoders, x, batch, 1, "encoders", trace);

        x = _upLayer.Apply(x.unsqueeze(2).expand(-1, -1, ratio, -1).reshape(batch.Count, batch.Size * ratio, width));
        trace?.Record("up_layer_out", x, tokens * ratio);
        x = _upEmbedNorm.Apply(_upEmbed.Apply(x)).mul_(MathF.Sqrt(width));
        trace?.Record("up_embed_out", x, tokens * ratio);
        x = Run(_upEncoders, x, batch, ratio, "up_encoders", trace);
        x = _afterNorm.Apply(x);
        trace?.Record("encoder_out", x, tokens * ratio);
        return _encoderProj.Apply(x);
    }

    /// <summary>Every token as it enters the encoder: what stands before the first layer that sees others is a function of the id.</summary>
    private static Tensor Embed(FlowStore store, WeightScope embedding, WeightScope embed, FlowConfig config, int width, Workers workers)
    {
        var stored = embedding.Get("weight", config.VocabSize, config.InputSize).ToFloats();
        using var tokens = HostTensor.From(stored, config.VocabSize, config.InputSize);
        using var layer = new ConformerEmbedding(embed, config.InputSize, width);
        using var table = new HostTensor(config.VocabSize + 1, width);
        layer.Forward(workers, tokens, table);
        return store.From(table.Span, table.Rows, width);
    }

    private Tensor Run(TorchConformerLayer[] layers, Tensor x, FlowBatch batch, int ratio, string name, TorchTrace? trace)
    {
        using var scope = NewDisposeScope();
        var (size, length) = (batch.Size * ratio, batch.FirstTokens * ratio);
        var positions = Positions(size);
        var mask = batch.Mask(_store, ratio, _encoder.StaticChunkSize);
        trace?.Record("pos_emb", positions, size - length, (2 * length) - 1);
        for (var i = 0; i < layers.Length; i++)
        {
            x = layers[i].Forward(x, positions, mask);
            trace?.Record($"{name}_{i}_out", x, length);
        }

        return scope.MoveToOuter(x);
    }

    /// <summary>
    /// The sinusoids of all distances of query and key, [1, 2 size, width], from size - 1 down to -size; the last belongs to no
    /// pair and makes rows of scores even.
    /// </summary>
    private Tensor Positions(int size)
    {
        using var scope = NewDisposeScope();
        var angles = arange(size - 1, -size - 1, -1, ScalarType.Float32, _store.Device).unsqueeze(1).mul(_rates);
        return scope.MoveToOuter(stack([angles.sin(), angles.cos()], 2).reshape(1, 2 * size, -1).to(_store.Type));
    }
}
