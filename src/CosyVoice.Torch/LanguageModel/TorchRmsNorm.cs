using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>
/// RMSNorm in two kernels. The binding has none, and composed of elementary ones it takes six, seven in 16 bits; but the
/// layer norm of (x, -x) is it: the mean is 0 and the variance the mean square. libtorch sums both in fp32 for any type.
/// </summary>
internal sealed class TorchRmsNorm
{
    private readonly Tensor _signs; // 1, -1 [2, 1]
    private readonly Tensor _weight; // [2, hidden]
    private readonly long[] _shape;
    private readonly float _epsilon;

    public TorchRmsNorm(WeightScope w, Qwen2Config config, TorchWeights weights, DeviceStore store)
    {
        using var one = weights.Get(w, "weight", config.HiddenSize);
        _weight = store.Keep(stack([one, one], 0));
        _signs = store.Keep(weights.From([1, -1], 2, 1));
        (_shape, _epsilon) = ([2, config.HiddenSize], config.RmsNormEpsilon);
    }

    /// <summary>x [rows, hidden] to the same shape.</summary>
    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x.unsqueeze(1) * _signs, _shape, _weight, null, _epsilon).select(1, 0);
}
