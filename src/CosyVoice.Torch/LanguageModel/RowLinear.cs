using static TorchSharp.torch;

namespace CosyVoice.Torch.LanguageModel;

/// <summary>
/// A linear layer that gives a row the same bits wherever among its rows it stands. A library's product of matrices need
/// not: OpenBLAS sums rows 0 to 15 of 24 in another order than the rest. Whether it does is found out at load, on the
/// device and with the shape in question; where it does, the product is divided into the largest equal parts whose rows are alike.
/// </summary>
internal sealed class RowLinear
{
    private readonly Tensor _weight; // [out, in]
    private readonly Tensor _transposed; // The same memory, [in, out].
    private readonly Tensor? _bias; // [out]
    private readonly int _rows;

    /// <param name="rows">That every product has.</param>
    /// <param name="adds">Whether it serves <see cref="AddTo"/>; otherwise <see cref="Forward"/>.</param>
    public RowLinear(Tensor weight, Tensor? bias, int rows, bool adds, DeviceStore store)
    {
        _weight = store.Keep(weight);
        _transposed = store.KeepView(weight.t());
        _bias = bias is null ? null : store.Keep(bias);
        _rows = rows;
        for (Part = rows; !IsAlike(adds); Part = LargestDivisorBelow(Part))
        {
        }
    }

    /// <summary>Rows that one product computes.</summary>
    public int Part { get; private set; }

    /// <summary>x [rows, in] to [rows, out].</summary>
    public Tensor Forward(Tensor x) => Part == _rows ? nn.functional.linear(x, _weight, _bias)
        : cat([.. Parts(x).Select(part => nn.functional.linear(part, _weight, _bias))], 0);

    /// <summary>y [rows, out] += product of x [rows, in], without bias.</summary>
    public void AddTo(Tensor y, Tensor x)
    {
        foreach (var (sum, part) in Parts(y).Zip(Parts(x)))
        {
            sum.addmm_(part, _transposed);
        }
    }

    private IEnumerable<Tensor> Parts(Tensor x) => Part == _rows ? [x] : Enumerable.Range(0, _rows / Part).Select(i => x.narrow(0, i * Part, Part));

    private bool IsAlike(bool adds)
    {
        if (Part == 1)
        {
            return true;
        }

        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        Tensor Row(long size) => arange(size, ScalarType.Float32, _weight.device).mul(0.7).sin().to_type(_weight.dtype).repeat(Part, 1);
        var x = Row(_weight.shape[1]);
        x = adds ? x : stack([x, x], 1).select(1, 0); // As TorchRmsNorm gives it.
        var y = adds ? Row(_weight.shape[0]).addmm_(x, _transposed) : nn.functional.linear(x, _weight, _bias);
        return y.eq(y.narrow(0, 0, 1)).all().item<bool>();
    }

    private int LargestDivisorBelow(int part)
    {
        do
        {
            part--;
        }
        while (_rows % part != 0);

        return part;
    }
}
