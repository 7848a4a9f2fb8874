using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// y_i = b + W [x_(i-taps+1), ..., x_i] in groups: the outputs of a group see the inputs of that group only. The zeros that
/// it begins with are rows that stand before the first frame.
/// </summary>
internal sealed unsafe class GroupedConvolution : IDisposable
{
    private readonly PanelMatrix[] _weights; // per group, [taps * inputs, outputs]
    private readonly float[] _bias; // [channels]
    private readonly int _taps;

    /// <summary>Reads <c>weight</c> [channels, channels / groups, taps] and <c>bias</c> [channels].</summary>
    public GroupedConvolution(WeightScope w, int channels, int groups, int taps)
    {
        _taps = taps;
        var size = channels / groups;
        var stored = w.Get("weight", channels, size, taps).ToFloats();
        _bias = w.Get("bias", channels).ToFloats();
        _weights = [.. Enumerable.Range(0, groups).Select(group => Pack(stored.AsSpan(group * size * size * taps, size * size * taps), size))];
    }

    /// <summary>Rows [start, end) of x [rows, channels], which has the zeros, to the same rows of y [rows, channels].</summary>
    public void Apply(Tensor x, Tensor y, int start, int end)
    {
        var size = _bias.Length / _weights.Length;
        if (x.Columns != _bias.Length || y.Columns != _bias.Length)
        {
            throw new ArgumentException($"{x.Columns} to {y.Columns} columns through a layer of {_bias.Length} channels.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(start, _taps - 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Math.Min(x.Rows, y.Rows));
        for (var group = 0; group < _weights.Length; group++)
        {
            MatMul.Multiply(
                x.Pointer - ((long)(_taps - 1) * x.Columns) + (group * size), x.Columns, _taps, x.Columns,
                _weights[group], _bias.AsSpan(group * size, size), y.Pointer + (group * size), y.Columns, start, end);
        }
    }

    public void Dispose()
    {
        foreach (var weight in _weights)
        {
            weight.Dispose();
        }
    }

    /// <param name="stored">[outputs, inputs, taps].</param>
    private PanelMatrix Pack(ReadOnlySpan<float> stored, int size)
    {
        var weight = new float[stored.Length]; // [outputs, taps, inputs]
        for (var n = 0; n < size; n++)
        {
            for (var c = 0; c < size; c++)
            {
                for (var j = 0; j < _taps; j++)
                {
                    weight[(((n * _taps) + j) * size) + c] = stored[(((n * size) + c) * _taps) + j];
                }
            }
        }

        var packed = new PanelMatrix();
        packed.PackTransposed(weight, _taps * size, size, _taps * size);
        return packed;
    }
}
