using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>A resnet and the transformer blocks behind it.</summary>
internal sealed class EstimatorStage : IDisposable
{
    private readonly EstimatorResnet _resnet;
    private readonly EstimatorTransformer[] _transformers;
    private readonly string _name;

    /// <param name="name">For traces.</param>
    /// <param name="time">mish(t) of every step, [steps, time channels].</param>
    public EstimatorStage(WeightScope w, string name, int inputs, EstimatorConfig config, Workers workers, Tensor time)
    {
        _name = name;
        var channels = config.Channels[0];
        _resnet = new EstimatorResnet(w[0], inputs, channels, workers, time);
        _transformers = [.. Enumerable.Range(0, config.Blocks).Select(i => new EstimatorTransformer(w[1][i], channels, config))];
    }

    /// <summary>x [rows, inputs] to y [rows, channels].</summary>
    public void Forward(
        Workers workers, FramePair frames, int step, ChunkMask mask, Tensor x, Tensor y, EstimatorScratch s, FramePairTrace? trace)
    {
        _resnet.Forward(workers, frames, step, x, y, s);
        trace?.Record($"{_name}_resnet", y);
        for (var i = 0; i < _transformers.Length; i++)
        {
            _transformers[i].Forward(workers, frames, mask, y, s);
            trace?.Record($"{_name}_tb{i}", y);
        }
    }

    public void Dispose()
    {
        _resnet.Dispose();
        foreach (var transformer in _transformers)
        {
            transformer.Dispose();
        }
    }
}
