using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// block2(block1(x) + W_t mish(t)) + W_r x, the residual block of the estimator. The term of the time takes one of
/// few values, one per solver step, and is computed at load.
/// </summary>
internal sealed class TorchEstimatorResnet
{
    private readonly TorchCausalBlock _block1;
    private readonly TorchCausalBlock _block2;
    private readonly Projection _resConv;
    private readonly CausalConvolution.Shift[] _time; // per step

    /// <param name="time">mish(t) of every step, [steps, time channels].</param>
    public TorchEstimatorResnet(FlowStore store, WeightScope w, int inputs, int outputs, Workers workers, HostTensor time)
    {
        _block1 = new TorchCausalBlock(store, w["block1"], inputs, outputs);
        _block2 = new TorchCausalBlock(store, w["block2"], outputs, outputs);
        var weight = w["res_conv"].Get("weight", outputs, inputs, 1).ToFloats();
        _resConv = new Projection(store, weight, w["res_conv"].Get("bias", outputs).ToFloats(), inputs);
        using var mlp = WindowedLinear.Linear(w["mlp"][1], time.Columns, outputs);
        using var embedded = new HostTensor();
        mlp.Forward(workers, time, embedded);
        _time = [.. Enumerable.Range(0, time.Rows).Select(step => _block2.ShiftOf(embedded.Row(step)))];
    }

    /// <summary>x [batch, size, inputs] to [batch, size, outputs].</summary>
    public Tensor Forward(Tensor x, int step)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(_block2.Apply(_block1.Apply(x), _time[step]).add_(_resConv.Apply(x)));
    }
}
