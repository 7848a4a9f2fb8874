using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>y = x W^T + b with the weight [outputs, inputs] used where the checkpoint is mapped.</summary>
public sealed unsafe class ResidentLinear : IDisposable
{
    private readonly Tensor? _copy;
    private readonly float* _weight;
    private readonly float[] _bias;
    private readonly int _inputs;
    private readonly int _outputs;

    public ResidentLinear(WeightScope w, int inputs, int outputs, bool bias = true)
    {
        (_inputs, _outputs) = (inputs, outputs);
        var stored = w.Get("weight", outputs, inputs);
        _weight = stored.Float32Pointer;
        if (_weight == null)
        {
            _copy = Tensor.From(stored.ToFloats(), outputs, inputs);
            _weight = _copy.Pointer;
        }

        _bias = bias ? w.Get("bias", outputs).ToFloats() : [];
    }

    /// <summary>x [rows, inputs] to y [rows, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        y.Resize(x.Rows, _outputs);
        var parts = workers.Threads;
        workers.For(parts, part => DotProducts.Multiply(
            x.Pointer, x.Columns, x.Rows, _weight, _inputs, _bias, y.Pointer, y.Columns, _outputs * part / parts, _outputs * (part + 1) / parts));
    }

    public void Dispose() => _copy?.Dispose();
}
