using CosyVoice.Kernels;
using CosyVoice.Layers;
using CosyVoice.Tests.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Tests.Layers;

public sealed unsafe class ResidentLinearTests
{
    [Theory]
    [InlineData(1, 48, 1000)]
    [InlineData(20, 19, 30)]
    public void Forward_AnySize_IsTheProductOnEveryThreadCount(int rows, int inputs, int outputs)
    {
        var (weight, bias) = (Samples.Uniform(inputs * outputs, 1), Samples.Uniform(outputs, 2));
        using var checkpoint = new MemoryCheckpoint();
        checkpoint.Add("weight", weight, outputs, inputs);
        checkpoint.Add("bias", bias, outputs);
        using var layer = new ResidentLinear(new WeightScope(checkpoint), inputs, outputs);
        using var x = Tensor.From(Samples.Uniform(rows * inputs, 3), rows, inputs);
        var expected = new float[rows * outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            fixed (float* w = &weight[i % outputs * inputs])
            {
                expected[i] = DotProducts.Dot(x.Pointer + (i / outputs * inputs), w, inputs) + bias[i % outputs];
            }
        }

        foreach (var threads in new[] { 1, 2, 5 })
        {
            using var workers = new Workers(threads);
            using var y = new Tensor();
            layer.Forward(workers, x, y);
            Samples.AssertSameBits(expected, y.Span);
        }
    }

    [Fact]
    public void Weight_StoredAsFloats_IsUsedInPlace()
    {
        using var checkpoint = new MemoryCheckpoint();
        checkpoint.Add("weight", [1, 2, 3, 4], 2, 2);
        using var weight = new RowMajorWeight(checkpoint.Tensors["weight"]);
        Assert.True(weight.Float32 == checkpoint.Tensors["weight"].Float32Pointer);
    }

    [Fact]
    public void Weight_StoredInHalfTheBits_IsConverted()
    {
        ushort[] upperHalves = [.. new float[] { 1, 2, 3, -4 }.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16))];
        var row = new float[2];
        fixed (ushort* data = upperHalves)
        {
            using var weight = new RowMajorWeight(new StoredTensor("weight", ElementType.BFloat16, [2, 2], (byte*)data));
            weight.CopyRow(1, row);
        }

        Assert.Equal([3, -4], row);
    }
}
