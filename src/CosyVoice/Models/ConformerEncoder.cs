using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The encoder of CosyVoice 2's flow, after UpsampleConformerEncoder of the reference (cosyvoice/transformer/upsample_encoder.py).
///
///   token embeddings [T + look-ahead]
///     embed              linear, norm, times sqrt(width)
///     pre_lookahead      two convolutions that see three tokens ahead            [T]
///     encoders           conformer layers, relative positions
///     up_layer           every frame twice, causal convolution                   [2 T]
///     up_embed           linear, norm, times sqrt(width)
///     up_encoders        four conformer layers
///     after_norm; encoder_proj                                                   [2 T]
/// </summary>
internal sealed class ConformerEncoder : IFlowEncoder
{
    private const int UpEncoders = 4;

    private readonly int _width;
    private readonly int _ratio;
    private readonly int _lookahead;
    private readonly int _chunkSize;
    private readonly ConformerEmbedding _embed;
    private readonly LookaheadLayer _preLookaheadLayer;
    private readonly ConformerLayer[] _encoders;
    private readonly WindowedLinear _upLayer;
    private readonly ConformerEmbedding _upEmbed;
    private readonly ConformerLayer[] _upEncoders;
    private readonly LayerNorm _afterNorm;
    private readonly WindowedLinear _encoderProj;

    /// <param name="flow">The root of flow.pt.</param>
    public ConformerEncoder(WeightScope flow, FlowConfig config, FlowEncoderConfig encoder)
    {
        var w = flow["encoder"];
        _encoderProj = WindowedLinear.Linear(flow["encoder_proj"], encoder.OutputSize, config.OutputSize);
        _width = encoder.OutputSize;
        _ratio = config.TokenMelRatio;
        _lookahead = config.PreLookaheadLength;
        _chunkSize = encoder.StaticChunkSize;
        _embed = new ConformerEmbedding(w["embed"], config.InputSize, _width);
        _preLookaheadLayer = new LookaheadLayer(w["pre_lookahead_layer"], _width, _width, _lookahead);
        _encoders = [.. Enumerable.Range(0, encoder.Blocks).Select(i => new ConformerLayer(w["encoders"][i], encoder))];
        _upLayer = WindowedLinear.Convolution(w["up_layer"]["conv"], _width, _width, (2 * _ratio) + 1);
        _upEmbed = new ConformerEmbedding(w["up_embed"], _width, _width);
        _upEncoders = [.. Enumerable.Range(0, UpEncoders).Select(i => new ConformerLayer(w["up_encoders"][i], encoder))];
        _afterNorm = new LayerNorm(w["after_norm"], _width, 1e-5f);
    }

    public void Forward(Workers workers, bool streaming, bool finalize, FlowScratch s, FlowTrace? trace) =>
        _encoderProj.Forward(workers, Encode(workers, s.Tokens, streaming, finalize, s.Encoder, trace), s.Mu);

    /// <summary>Returns frames [ratio * T, width], which are the scratch's.</summary>
    /// <param name="tokens">Embedded tokens: T, and the look-ahead unless <paramref name="finalize"/>; [rows, input size].</param>
    /// <param name="finalize">Nothing follows: zeros take the place of the look-ahead.</param>
    private Tensor Encode(Workers workers, Tensor tokens, bool streaming, bool finalize, ConformerScratch s, FlowTrace? trace)
    {
        s.Embedded.Resize(tokens.Rows + (finalize ? _lookahead : 0), _width);
        _embed.Forward(workers, tokens, s.Embedded);
        s.Embedded.RowRange(tokens.Rows, s.Embedded.Rows - tokens.Rows).Clear();
        trace?.Invoke("embed_out", s.Embedded.RowRange(0, s.Embedded.Rows - _lookahead), _width);
        _preLookaheadLayer.Forward(workers, s.Embedded, s.Lookahead, s.Lower);
        trace?.Invoke("pre_lookahead_out", s.Lower.Span, _width);

        RelativePositions.Fill(workers, s.Positions, s.Lower.Rows, _width);
        trace?.Invoke("pos_emb", s.Positions.Span, _width);
        Run(_encoders, workers, s.Lower, new ChunkMask(streaming ? _chunkSize : 0), s, "encoders", trace);

        Upsample(workers, s);
        trace?.Invoke("up_layer_out", s.Convolved.Span, _width);
        s.Upper.Resize(s.Convolved.Rows, _width);
        _upEmbed.Forward(workers, s.Convolved, s.Upper);
        trace?.Invoke("up_embed_out", s.Upper.Span, _width);

        RelativePositions.Fill(workers, s.Positions, s.Upper.Rows, _width);
        Run(_upEncoders, workers, s.Upper, new ChunkMask(streaming ? _chunkSize * _ratio : 0), s, "up_encoders", trace);
        workers.ForRows(s.Upper.Rows, WindowedLinear.StripRows, (start, end) => _afterNorm.Apply(s.Upper, s.Upper, start, end));
        trace?.Invoke("encoder_out", s.Upper.Span, _width);
        return s.Upper;
    }

    public void Dispose()
    {
        _embed.Dispose();
        _preLookaheadLayer.Dispose();
        _upLayer.Dispose();
        _upEmbed.Dispose();
        _encoderProj.Dispose();
        foreach (var layer in (ConformerLayer[])[.. _encoders, .. _upEncoders])
        {
            layer.Dispose();
        }
    }

    private static void Run(
        ConformerLayer[] layers, Workers workers, Tensor x, ChunkMask mask, ConformerScratch s, string name, FlowTrace? trace)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            layers[i].Forward(workers, x, mask, s);
            trace?.Invoke($"{name}_{i}_out", x.Span, x.Columns);
        }
    }

    /// <summary>s.Lower [T, width], every row ratio times behind zeros, convolved: s.Convolved [ratio * T, width].</summary>
    private void Upsample(Workers workers, ConformerScratch s)
    {
        var padding = 2 * _ratio;
        s.Convolved.Resize(s.Lower.Rows * _ratio, _width);
        s.Repeated.Resize(padding + s.Convolved.Rows, _width);
        s.Repeated.RowRange(0, padding).Clear();
        for (var frame = 0; frame < s.Convolved.Rows; frame++)
        {
            s.Lower.Row(frame / _ratio).CopyTo(s.Repeated.Row(padding + frame));
        }

        workers.ForRows(s.Convolved.Rows, WindowedLinear.StripRows, (start, end) =>
            _upLayer.Apply(s.Repeated, s.Convolved, padding + start, padding + end, shift: -padding));
    }
}
