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
    public TorchRepeatingEncoder(DeviceStore store, WeightScope w, FlowConfig config)
    {
        _config = config;
        var embedding = w["input_embedding"].Get("weight", config.VocabSize, config.InputSize).ToFloats();
        _inputEmbedding = store.From([.. embedding, .. new float[config.InputSize]], config.VocabSize + 1, config.InputSize);
        _preLookaheadLayer = new TorchLookahead(
            store, w["pre_lookahead_layer"], config.OutputSize, config.LookaheadChannels, config.PreLookaheadLength);
    }

    public int NoToken => _config.VocabSize;

    public Tensor Forward(Tensor ids, int tokens, bool streaming, TorchTrace? trace)
    {
        var size = ids.shape[1] - _config.PreLookaheadLength;
        var embedded = _inputEmbedding.index_select(0, ids.view(-1)).unsqueeze(0);
        var x = _preLookaheadLayer.Forward(embedded);
        trace?.Record("pre_lookahead_out", x, tokens);
        var ratio = _config.TokenMelRatio;
        return x.unsqueeze(2).expand(1, size, ratio, _config.OutputSize).reshape(1, size * ratio, _config.OutputSize);
    }
}
