using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>y = x W^T + b with weight [outputs, inputs], packed at load.</summary>
public sealed unsafe class Linear : IDisposable
{
    private readonly PanelMatrix _weight; // [inputs, outputs]
    private readonly float[] _bias;

    public Linear(WeightScope w, int inputs, int outputs, bool bias = true)
        : this(w.Get("weight", outputs, inputs).ToFloats(), bias ? w.Get("bias", outputs).ToFloats() : [], inputs, outputs)
    {
    }

    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public Linear(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs)
    {
        (_weight, _bias) = (new PanelMatrix(), bias);
        _weight.PackTransposed(weight, inputs, outputs, inputs);
    }

    private Linear(PanelMatrix weight, float[] bias) => (_weight, _bias) = (weight, bias);

    /// <summary>A layer whose weight is stored the other way round.</summary>
    /// <param name="weight">[inputs, outputs].</param>
    /// <param name="bias">[outputs], or empty.</param>
    public static Linear OfColumns(ReadOnlySpan<float> weight, float[] bias, int inputs, int outputs)
    {
        var packed = new PanelMatrix();
        packed.Pack(weight, inputs, outputs, outputs);
        return new Linear(packed, bias);
    }

    public int Inputs => _weight.Depth;

    public int Outputs => _weight.Columns;

    /// <summary>x [rows, inputs] to y [rows, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        y.Resize(x.Rows, Outputs);
        Run(workers, x, y, accumulate: false);
    }

    /// <summary>Adds the result to y [rows, outputs], as a residual connection does.</summary>
    public void Add(Workers workers, Tensor x, Tensor y)
    {
        if (y.Rows != x.Rows || y.Columns != Outputs)
        {
            throw new ArgumentException($"y is [{y.Rows}, {y.Columns}], the result [{x.Rows}, {Outputs}].", nameof(y));
        }

        Run(workers, x, y, accumulate: true);
    }

    public void Dispose() => _weight.Dispose();

    private void Run(Workers workers, Tensor x, Tensor y, bool accumulate)
    {
        if (x.Columns != Inputs)
        {
            throw new ArgumentException($"x has {x.Columns} columns, the layer {Inputs} inputs.", nameof(x));
        }

        Products.Multiply(workers, RowSource.Matrix(x.Pointer, x.Columns), _weight, _bias, 0, y.Pointer, y.Columns, x.Rows, accumulate);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }
}
