using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>y = x W^T + b with weight [outputs, inputs], packed at load.</summary>
public sealed unsafe class Linear : IDisposable
{
    private readonly PanelMatrix _weight = new();
    private readonly float[] _bias;
    private readonly int _inputs;

    public Linear(WeightScope w, int inputs, int outputs, bool bias = true)
        : this(w.Get("weight", outputs, inputs).ToFloats(), bias ? w.Get("bias", outputs).ToFloats() : [], inputs, outputs)
    {
    }

    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Linear(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs)
    {
        _inputs = inputs;
        _bias = bias;
        _weight.PackTransposed(weight, inputs, outputs, inputs);
    }

    /// <summary>x [rows, inputs] to y [rows, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        if (x.Columns != _inputs)
        {
            throw new ArgumentException($"x has {x.Columns} columns, the layer {_inputs} inputs.", nameof(x));
        }

        y.Resize(x.Rows, _weight.Columns);
        MatMul.Multiply(x.Pointer, x.Columns, 1, 0, _weight, _bias, y.Pointer, y.Columns, 0, x.Rows);
    }

    public void Dispose() => _weight.Dispose();
}
