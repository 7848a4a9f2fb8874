using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>A resnet and the transformer blocks behind it.</summary>
internal sealed class TorchEstimatorStage
{
    private readonly TorchEstimatorResnet _resnet;
    private readonly TorchEstimatorTransformer[] _transformers;
    private readonly string _name;

    /// <param name="name">For traces.</param>
    /// <param name="time">mish(t) of every step, [steps, time channels].</param>
    public TorchEstimatorStage(
        FlowStore store, WeightScope w, string name, int inputs, EstimatorConfig config, Workers workers, HostTensor time)
    {
        _name = name;
        var channels = config.Channels[0];
        _resnet = new TorchEstimatorResnet(store, w[0], inputs, channels, workers, time);
        _transformers = [.. Enumerable.Range(0, config.Blocks).Select(i => new TorchEstimatorTransformer(store, w[1][i], channels, config))];
    }

    /// <summary>x [batch, size, inputs] to [batch, size, channels].</summary>
    public Tensor Forward(Tensor x, int step, Tensor mask, int frames, TorchTrace? trace)
    {
        var y = _resnet.Forward(x, step);
        trace?.Record($"{_name}_resnet", y, frames);
        for (var i = 0; i < _transformers.Length; i++)
        {
            _transformers[i].Forward(y, mask);
            trace?.Record($"{_name}_tb{i}", y, frames);
        }

        return y;
    }
}
