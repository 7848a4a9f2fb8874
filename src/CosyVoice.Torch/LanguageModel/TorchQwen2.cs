using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>The Qwen2 decoder on a device; the same as <see cref="Qwen2"/>.</summary>
internal sealed class TorchQwen2
{
    private readonly TorchQwen2Layer[] _layers;
    private readonly TorchRmsNorm _norm;

    /// <param name="rows">Of every pass.</param>
    public TorchQwen2(WeightScope w, Qwen2Config config, int rows, TorchWeights weights, TorchWeights exact, DeviceStore store)
    {
        _layers = [.. Enumerable.Range(0, config.Layers).Select(i => new TorchQwen2Layer(w["layers"][i], config, rows, weights, store))];
        _norm = new(w["norm"], config, exact, store);
    }

    /// <summary>Embeddings x [rows, hidden] through all layers, in place.</summary>
    public void Forward(Tensor x, TorchPassInputs pass, TorchCacheBlocks cache)
    {
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i].Forward(x, pass, cache.Blocks[i], cache.Slots[i]);
        }
    }

    /// <summary>What the layers gave, [rows, hidden], to final hidden states in fp32.</summary>
    public Tensor Finish(Tensor x) => _norm.Forward(x.to_type(ScalarType.Float32));
}
