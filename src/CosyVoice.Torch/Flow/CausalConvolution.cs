using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// y_i = b + W [x_i, ..., x_(i+taps-1)], x [batch, rows + taps - 1, inputs] to [batch, rows, outputs], as one matrix product
/// of windows that are copied side by side: time stays in front of the channels, where all other layers want it.
/// </summary>
internal sealed class CausalConvolution
{
    private readonly SequenceProducts _products;
    private readonly Tensor _weight; // [outputs, taps * inputs]
    private readonly Tensor _bias; // [outputs]
    private readonly Tensor _start; // The zeros that it begins with, [1, taps - 1, inputs].
    private readonly int _inputs;
    private readonly int _taps;

    /// <summary>Reads <c>weight</c> [outputs, inputs, taps] and <c>bias</c> [outputs].</summary>
    public CausalConvolution(FlowStore store, WeightScope w, int inputs, int outputs, int taps)
    {
        (_products, _inputs, _taps) = (store.Products, inputs, taps);
        using var scope = NewDisposeScope();
        using var stored = store.Borrow(w, "weight", outputs, inputs, taps);
        _weight = store.Keep(stored.transpose(1, 2).reshape(outputs, taps * inputs).contiguous());
        _bias = store.Get(w, "bias", outputs);
        _start = store.Keep(zeros([1, taps - 1, inputs], store.Type, store.Device));
    }

    /// <summary>Behind zeros: x [batch, rows, inputs] to [batch, rows, outputs].</summary>
    public Tensor Apply(Tensor x) => ApplyInside(Behind(_start, x));

    /// <summary>x [batch, rows + taps - 1, inputs], contiguous, to [batch, rows, outputs].</summary>
    public Tensor ApplyInside(Tensor x) => Multiply(x, _bias);

    /// <summary>
    /// What makes <see cref="Apply(Tensor, Shift)"/> the convolution of x + <paramref name="by"/> [inputs] behind zeros: the zeros
    /// less the shift, and what the shift alone gives.
    /// </summary>
    public Shift ShiftOf(FlowStore store, ReadOnlySpan<float> by)
    {
        using var scope = NewDisposeScope();
        var shift = tensor(by.ToArray(), [1, 1, by.Length]).to(store.Type, store.Device);
        return new(
            store.Keep(shift.neg().expand(1, _taps - 1, _inputs).contiguous()),
            store.Keep(ApplyInside(shift.expand(1, _taps, _inputs).contiguous()).view(-1)));
    }

    /// <summary>Of x and a shift, behind zeros: x [batch, rows, inputs] to [batch, rows, outputs].</summary>
    public Tensor Apply(Tensor x, Shift shift) => Multiply(Behind(shift.Start, x), shift.Bias);

    private Tensor Behind(Tensor start, Tensor x) => cat([start.expand(x.shape[0], _taps - 1, _inputs), x], 1);

    private Tensor Multiply(Tensor x, Tensor bias)
    {
        var (batch, rows) = (x.shape[0], x.shape[1] - _taps + 1);
        var windows = x.as_strided([batch, rows, _taps * _inputs], [x.shape[1] * _inputs, _inputs, 1]);
        return _products.Linear(windows.contiguous(), _weight, bias);
    }

    /// <param name="Start">[1, taps - 1, inputs].</param>
    /// <param name="Bias">[outputs].</param>
    internal sealed record Shift(Tensor Start, Tensor Bias);
}
