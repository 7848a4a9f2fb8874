using CosyVoice.Models;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>Shows what is on the device to a trace.</summary>
internal sealed class TorchTrace(FlowTrace trace)
{
    /// <summary>The first rows of the first sequence of x [batch, size, columns].</summary>
    public void Record(string stage, Tensor x, int rows) => Record(stage, x, 0, rows);

    /// <summary>Rows [first, first + rows) of the first sequence.</summary>
    public void Record(string stage, Tensor x, int first, int rows)
    {
        using var scope = NewDisposeScope();
        trace(stage, x.select(0, 0).narrow(0, first, rows).ToFloats(), (int)x.shape[2]);
    }

    /// <summary>The same rows of all sequences, one above the other.</summary>
    public void RecordAll(string stage, Tensor x, int rows)
    {
        using var scope = NewDisposeScope();
        trace(stage, x.narrow(1, 0, rows).ToFloats(), (int)x.shape[2]);
    }

    /// <summary>What is known to the processor.</summary>
    public void Record(string stage, ReadOnlySpan<float> values) => trace(stage, values, values.Length);
}
