using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Convolution along time in float64, for a result whose rounding is magnified later: y[t] = b + sum over taps j of
/// W_j x[t + j], summed in ascending order of tap and input by fused multiply-adds.
/// </summary>
public sealed class PreciseConv1d
{
    private const int Strip = 8; // Columns computed at once, two vectors.
    private const int RowsAtOnce = 4;
    private const int RowsPerBlock = 16;

    private readonly double[] _weight; // [strips][kernel * inputs][Strip], zero where there is no column
    private readonly float[] _bias; // [outputs]
    private readonly int _inputs;
    private readonly int _kernel;

    /// <summary>Reads <c>weight</c> [outputs, inputs, kernel] (weight-normed in either naming, or plain) and <c>bias</c> [outputs].</summary>
    public PreciseConv1d(WeightScope w, int inputs, int outputs, int kernel)
    {
        (_inputs, _kernel, Outputs) = (inputs, kernel, outputs);
        _bias = w.Get("bias", outputs).ToFloats();
        var weight = WeightNorm.Read(w, outputs, inputs, kernel);
        var depth = kernel * inputs;
        _weight = new double[(outputs + Strip - 1) / Strip * depth * Strip];
        for (var n = 0; n < outputs; n++)
        {
            for (var c = 0; c < inputs; c++)
            {
                for (var j = 0; j < kernel; j++)
                {
                    _weight[(((n / Strip * depth) + (j * inputs) + c) * Strip) + (n % Strip)] = weight[(((n * inputs) + c) * kernel) + j];
                }
            }
        }
    }

    public int Outputs { get; }

    /// <summary>x [rows + kernel - 1, inputs] to y [rows, outputs]; padding is the caller's.</summary>
    public void Forward(Workers workers, ReadOnlyMemory<double> x, Memory<double> y, int rows)
    {
        if (x.Length < (rows + _kernel - 1) * _inputs || y.Length < rows * Outputs)
        {
            throw new ArgumentException($"{x.Length} inputs and {y.Length} outputs do not hold {rows} rows.", nameof(rows));
        }

        workers.ForRows(rows, RowsPerBlock, (start, end) =>
        {
            for (var strip = 0; strip * Strip < Outputs; strip++)
            {
                var row = start;
                for (; row + RowsAtOnce <= end; row += RowsAtOnce)
                {
                    FourRows(x.Span, y.Span, row, strip);
                }

                for (; row < end; row++)
                {
                    OneRow(x.Span, y.Span, row, strip);
                }
            }
        });
    }

    private ReadOnlySpan<double> Weights(int strip) => _weight.AsSpan(strip * _kernel * _inputs * Strip, _kernel * _inputs * Strip);

    private void FourRows(ReadOnlySpan<double> x, Span<double> y, int row, int strip)
    {
        ref var a = ref MemoryMarshal.GetReference(x[(row * _inputs)..]);
        ref var w = ref MemoryMarshal.GetReference(Weights(strip));
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var k = 0; k < _kernel * _inputs; k++)
        {
            var low = Vector256.LoadUnsafe(ref w, (nuint)(k * Strip));
            var high = Vector256.LoadUnsafe(ref w, (nuint)((k * Strip) + (Strip / 2)));
            var value = Vector256.Create(At(ref a, k));
            (a0, a1) = (Vector256.FusedMultiplyAdd(value, low, a0), Vector256.FusedMultiplyAdd(value, high, a1));
            value = Vector256.Create(At(ref a, k + _inputs));
            (b0, b1) = (Vector256.FusedMultiplyAdd(value, low, b0), Vector256.FusedMultiplyAdd(value, high, b1));
            value = Vector256.Create(At(ref a, k + (2 * _inputs)));
            (c0, c1) = (Vector256.FusedMultiplyAdd(value, low, c0), Vector256.FusedMultiplyAdd(value, high, c1));
            value = Vector256.Create(At(ref a, k + (3 * _inputs)));
            (d0, d1) = (Vector256.FusedMultiplyAdd(value, low, d0), Vector256.FusedMultiplyAdd(value, high, d1));
        }

        Store(a0, a1, y, row, strip);
        Store(b0, b1, y, row + 1, strip);
        Store(c0, c1, y, row + 2, strip);
        Store(d0, d1, y, row + 3, strip);
    }

    private void OneRow(ReadOnlySpan<double> x, Span<double> y, int row, int strip)
    {
        ref var a = ref MemoryMarshal.GetReference(x[(row * _inputs)..]);
        ref var w = ref MemoryMarshal.GetReference(Weights(strip));
        Vector256<double> low = default, high = default;
        for (var k = 0; k < _kernel * _inputs; k++)
        {
            var value = Vector256.Create(At(ref a, k));
            low = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref w, (nuint)(k * Strip)), low);
            high = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref w, (nuint)((k * Strip) + (Strip / 2))), high);
        }

        Store(low, high, y, row, strip);
    }

    private static double At(ref double start, int index) => System.Runtime.CompilerServices.Unsafe.Add(ref start, index);

    private void Store(Vector256<double> low, Vector256<double> high, Span<double> y, int row, int strip)
    {
        var target = y.Slice(row * Outputs, Outputs)[(strip * Strip)..];
        for (var i = 0; i < Math.Min(Strip, target.Length); i++)
        {
            target[i] = (i < Strip / 2 ? low[i] : high[i - (Strip / 2)]) + _bias[(strip * Strip) + i];
        }
    }
}
