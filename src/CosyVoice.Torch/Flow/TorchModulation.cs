using CosyVoice.Kernels;
using CosyVoice.Models;
using CosyVoice.Weights;
using static TorchSharp.torch.nn;
using HostTensor = CosyVoice.Kernels.Tensor;
using Tensor = TorchSharp.torch.Tensor;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// Adaptive layer norm (Peebles and Xie 2023): normalise without learnt weights, then scale and shift by what a linear layer
/// makes of the time. The time takes one value per solver step: a norm of learnt weights for each.
/// </summary>
internal sealed class TorchModulation
{
    private const double Epsilon = 1e-6;

    private readonly long[] _shape;
    private readonly Tensor[][] _parts; // per step and part, [width]

    /// <param name="time">silu(t) of every step, [steps, width].</param>
    /// <param name="parts">How many vectors [width] the layer gives.</param>
    /// <param name="scales">Which of them are scales, stored as what is added to one.</param>
    public TorchModulation(
        FlowStore store, WeightScope w, Workers workers, HostTensor time, int parts, params ReadOnlySpan<int> scales)
    {
        _shape = [time.Columns];
        using var modulation = new Modulation(w, workers, time, parts, scales);
        _parts = new Tensor[time.Rows][];
        for (var step = 0; step < time.Rows; step++)
        {
            _parts[step] = new Tensor[parts];
            for (var part = 0; part < parts; part++)
            {
                _parts[step][part] = store.From(modulation.Part(step, part), time.Columns);
            }
        }
    }

    /// <summary>One of the vectors, [width]; scales have their one.</summary>
    public Tensor Part(int step, int part) => _parts[step][part];

    /// <summary>norm(x) * scale + shift, x [..., width].</summary>
    public Tensor Norm(Tensor x, int step, int scale, int shift) =>
        functional.layer_norm(x, _shape, _parts[step][scale], _parts[step][shift], Epsilon);
}
