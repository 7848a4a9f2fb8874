using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>Normalises every row over its channels; reads <c>weight</c> and <c>bias</c>, both [size].</summary>
internal sealed class LayerNorm(WeightScope w, int size, float epsilon)
{
    private readonly float[] _weight = w.Get("weight", size).ToFloats();
    private readonly float[] _bias = w.Get("bias", size).ToFloats();

    /// <summary>Rows [start, end) of x to y, both [rows, size]; y may be x.</summary>
    public void Apply(Tensor x, Tensor y, int start, int end)
    {
        for (var row = start; row < end; row++)
        {
            Norms.LayerNorm(x.Row(row), _weight, _bias, epsilon, y.Row(row));
        }
    }
}
