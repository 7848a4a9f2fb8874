using CosyVoice.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// y_i = b + W [x_(i-taps+1), ..., x_i] in groups, behind zeros. The zeros that a convolution adds stand on both sides; the rows
/// that those behind give are cut off.
/// </summary>
internal sealed class TorchGroupedConvolution
{
    private readonly Tensor _weight; // [channels, channels / groups, taps], the channels innermost
    private readonly Tensor _bias; // [channels]
    private readonly int _groups;
    private readonly int _taps;

    /// <summary>Reads <c>weight</c> [channels, channels / groups, taps] and <c>bias</c> [channels].</summary>
    public TorchGroupedConvolution(FlowStore store, WeightScope w, int channels, int groups, int taps)
    {
        (_groups, _taps) = (groups, taps);
        using var scope = NewDisposeScope();
        using var stored = store.Borrow(w, "weight", channels, channels / groups, taps);
        _weight = store.Keep(stored.transpose(1, 2).contiguous().transpose(1, 2));
        _bias = store.Get(w, "bias", channels);
    }

    /// <summary>x [batch, channels, rows] to the same shape.</summary>
    public Tensor Apply(Tensor x) =>
        functional.conv1d(x, _weight, _bias, padding: _taps - 1, groups: _groups).narrow(2, 0, x.shape[2]);
}
