using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// The encoder of CosyVoice 3's flow: the look-ahead layer on tokens embedded as mel frames, then every frame as often as
/// there are frames per token.
/// </summary>
internal sealed class TorchRepeatingEncoder : IFrameEncoder
{
    private readonly FlowConfig _config;
    private readonly Tensor _inputEmbedding; // [vocabulary + 1, mel bins], zeros last
    private readonly TorchLookahead _preLookaheadLayer;

    /// <param name="w">The root of flow.pt.</param>
    public TorchRepeatingEncoder(FlowStore store, WeightScope w, FlowConfig config)
    {
        _config = config;
        var embedding = w["input_embedding"].Get("weight", config.VocabSize, config.InputSize).ToFloats();
        _inputEmbedding = store.From([.. embedding, .. new float[config.InputSize]], config.VocabSize + 1, config.InputSize);
        _preLookaheadLayer = new TorchLookahead(
            store, w["pre_lookahead_layer"], config.OutputSize, config.LookaheadChannels, config.PreLookaheadLength);
    }

    public int NoToken => _config.VocabSize;

    public Tensor Forward(Tensor ids, FlowBatch batch, TorchTrace? trace)
    {
        var embedded = _inputEmbedding.index_select(0, ids.view(-1)).view(batch.Count, -1, _config.InputSize);
        var x = _preLookaheadLayer.Forward(embedded);
        trace?.Record("pre_lookahead_out", x, batch.FirstTokens);
        var ratio = _config.TokenMelRatio;
        return x.unsqueeze(2).expand(-1, -1, ratio, -1).reshape(batch.Count, batch.Size * ratio, _config.OutputSize);
    }
}
