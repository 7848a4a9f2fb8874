using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// y = x W^T + b with weight [outputs, inputs] left where the checkpoint's file is mapped, so that a language
/// model of gigabytes is loaded without a second copy. A row's result does not depend on how many rows there are.
/// </summary>
public sealed unsafe class ResidentLinear : IDisposable
{
    // Bytes of weight in a share: enough for reading to get up to speed, few enough that the threads finish together.
    private const int SmallestShare = 64 * 1024;
    private const int LargestShare = 256 * 1024;
    private const int ColumnsPerTile = 4;

    private readonly RowMajorWeight _weight; // [outputs, inputs]
    private readonly float[] _bias;

    public ResidentLinear(WeightScope w, int inputs, int outputs, bool bias = true)
    {
        _weight = new RowMajorWeight(w.Get("weight", outputs, inputs));
        _bias = bias ? w.Get("bias", outputs).ToFloats() : [];
    }

    public int Inputs => _weight.Depth;

    public int Outputs => _weight.Rows;

    /// <summary>x [rows, inputs] to y [rows, outputs]; y is resized.</summary>
    public void Forward(Workers workers, Tensor x, Tensor y)
    {
        if (x.Columns != Inputs)
        {
            throw new ArgumentException($"x has {x.Columns} columns, the layer {Inputs} inputs.", nameof(x));
        }

        y.Resize(x.Rows, Outputs);
        var columns = ShareColumns(workers.Threads);
        workers.For((Outputs + columns - 1) / columns, share =>
        {
            var start = share * columns;
            DotProducts.Multiply(
                x.Pointer, x.Columns, x.Rows, _weight, _bias, y.Pointer, y.Columns, start, Math.Min(start + columns, Outputs));
        });
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    public void Dispose() => _weight.Dispose();

    private int ShareColumns(int threads)
    {
        var rowBytes = sizeof(float) * Math.Max(1, Inputs);
        var columns = Math.Clamp(Outputs / threads, SmallestShare / rowBytes, Math.Max(1, LargestShare / rowBytes));
        return ((columns / ColumnsPerTile) + 1) * ColumnsPerTile;
    }
}
