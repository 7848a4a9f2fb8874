using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>Normalises every row over its channels; reads <c>weight</c> and <c>bias</c>, both [size]. Sums are in fp32 in any type.</summary>
internal sealed class Normalization(FlowStore store, WeightScope w, int size, double epsilon)
{
    private readonly long[] _shape = [size];
    private readonly Tensor _weight = store.Get(w, "weight", size);
    private readonly Tensor _bias = store.Get(w, "bias", size);

    public Tensor Apply(Tensor x) => functional.layer_norm(x, _shape, _weight, _bias, epsilon);
}
