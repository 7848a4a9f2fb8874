using System.Collections.Concurrent;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Flow;

/// <summary>
/// Products of the rows of several sequences with one matrix, which give a sequence the same bits wherever in the batch it stands.
/// A library's product of matrices need not: OpenBLAS sums some rows in another order than the rest. Whether it does is found out
/// when a shape first occurs; where it does, every sequence has a product of its own.
/// </summary>
/// <param name="width">Requests per call. A single one always stands in the same place.</param>
internal sealed class SequenceProducts(int width)
{
    private readonly ConcurrentDictionary<(long Batch, long Rows, long Inputs, long Outputs, bool HasBias, bool Adds), bool> _areAlike = [];

    /// <summary>x [batch, rows, inputs] times weight [outputs, inputs], plus bias [outputs]: [batch, rows, outputs].</summary>
    public Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        return AreAlike(x, weight.shape[0], bias is not null, adds: false, probe => functional.linear(probe, weight, bias))
            ? functional.linear(x, weight, bias)
            : cat([.. Each(x).Select(sequence => functional.linear(sequence, weight, bias))], 0);
    }

    /// <summary>y [batch, rows, outputs] += x [batch, rows, inputs] times weight [inputs, outputs]; both contiguous.</summary>
    public void AddTo(Tensor y, Tensor x, Tensor weight)
    {
        if (AreAlike(x, weight.shape[1], hasBias: false, adds: true, Probe))
        {
            Add(y, x);
            return;
        }

        foreach (var (sum, sequence) in Each(y).Zip(Each(x)))
        {
            Add(sum, sequence);
        }

        void Add(Tensor to, Tensor from) => to.view(-1, to.shape[2]).addmm_(from.view(-1, from.shape[2]), weight);

        Tensor Probe(Tensor probe)
        {
            var sum = zeros([probe.shape[0], probe.shape[1], weight.shape[1]], probe.dtype, probe.device);
            Add(sum, probe);
            return sum;
        }
    }

    private static IEnumerable<Tensor> Each(Tensor x) => Enumerable.Range(0, (int)x.shape[0]).Select(i => x.narrow(0, i, 1));

    private bool AreAlike(Tensor x, long outputs, bool hasBias, bool adds, Func<Tensor, Tensor> product)
    {
        if (width == 1 || x.shape[0] == 1)
        {
            return true;
        }

        return _areAlike.GetOrAdd((x.shape[0], x.shape[1], x.shape[2], outputs, hasBias, adds), shape =>
        {
            using var scope = NewDisposeScope();
            var sequence = arange(shape.Rows * shape.Inputs, ScalarType.Float32, x.device).mul(0.7).sin().to(x.dtype);
            var y = product(sequence.view(1, shape.Rows, shape.Inputs).repeat(shape.Batch, 1, 1));
            return y.eq(y.narrow(0, 0, 1)).all().item<bool>();
        });
    }
}
