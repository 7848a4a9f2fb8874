using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// The encoder of CosyVoice 3's flow: the look-ahead layer on tokens embedded as mel frames, then every frame as often as
/// there are frames per token.
/// </summary>
internal sealed class RepeatingEncoder(WeightScope w, FlowConfig config) : IFlowEncoder
{
    private readonly LookaheadLayer _preLookaheadLayer = new(
        w["pre_lookahead_layer"], config.OutputSize, config.LookaheadChannels, config.PreLookaheadLength);

    public void Forward(Workers workers, bool streaming, bool finalize, FlowScratch s, FlowTrace? trace)
    {
        var e = s.Encoder;
        e.Embedded.Resize(s.Tokens.Rows + (finalize ? config.PreLookaheadLength : 0), config.OutputSize);
        s.Tokens.Span.CopyTo(e.Embedded.Span);
        e.Embedded.RowRange(s.Tokens.Rows, e.Embedded.Rows - s.Tokens.Rows).Clear();
        _preLookaheadLayer.Forward(workers, e.Embedded, e.Lookahead, e.Lower);
        trace?.Invoke("pre_lookahead_out", e.Lower.Span, e.Lower.Columns);

        s.Mu.Resize(e.Lower.Rows * config.TokenMelRatio, config.OutputSize);
        for (var frame = 0; frame < s.Mu.Rows; frame++)
        {
            e.Lower.Row(frame / config.TokenMelRatio).CopyTo(s.Mu.Row(frame));
        }
    }

    public void Dispose() => _preLookaheadLayer.Dispose();
}
