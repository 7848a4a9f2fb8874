using CosyVoice.Enrolment.Onnx.Operators;

namespace CosyVoice.Enrolment.Onnx;

/// <summary>The operators that can be computed, as ONNX defines them for inference.</summary>
internal static class OnnxOperators
{
    public static IReadOnlyDictionary<string, Func<OnnxCall, OnnxValue>> All { get; } = new Dictionary<string, Func<OnnxCall, OnnxValue>>
    {
        ["Add"] = call => Arithmetics.Combine(call, (a, b) => a + b, (a, b) => a + b),
        ["AveragePool"] = AveragePool.Compute,
        ["BatchNormalization"] = BatchNormalization.Compute,
        ["Cast"] = Arithmetics.Cast,
        ["Concat"] = Rearrangement.Concat,
        ["Constant"] = Rearrangement.Constant,
        ["ConstantOfShape"] = Rearrangement.ConstantOfShape,
        ["Conv"] = Convolution.Compute,
        ["Div"] = call => Arithmetics.Combine(call, (a, b) => a / b, (a, b) => b == 0 ? throw new InvalidDataException("division by zero") : a / b),
        ["Equal"] = Arithmetics.Equal,
        ["Expand"] = Rearrangement.Expand,
        ["Gather"] = Rearrangement.Gather,
        ["Identity"] = call => call[0],
        ["Mul"] = call => Arithmetics.Combine(call, (a, b) => a * b, (a, b) => a * b),
        ["Pad"] = Rearrangement.Pad,
        ["Pow"] = call => Arithmetics.Combine(call, MathF.Pow, (_, _) => throw new InvalidDataException("powers of integers")),
        ["ReduceMean"] = call => Reduction.Compute(call, 0, (sum, x) => sum + x, (sum, count) => sum / count),
        ["ReduceProd"] = call => Reduction.Compute(call, 1, (product, x) => product * x, (product, _) => product),
        ["ReduceSum"] = call => Reduction.Compute(call, 0, (sum, x) => sum + x, (sum, _) => sum),
        ["Relu"] = call => Arithmetics.Map(call, x => x > 0 ? x : 0),
        ["Reshape"] = Rearrangement.Reshape,
        ["Shape"] = call => new OnnxValue([call[0].Shape.Length], [.. call[0].Shape.Select(size => (long)size)]),
        ["Sigmoid"] = call => Arithmetics.Map(call, x => 1 / (1 + MathF.Exp(-x))),
        ["Slice"] = Rearrangement.Slice,
        ["Sqrt"] = call => Arithmetics.Map(call, MathF.Sqrt),
        ["Squeeze"] = Rearrangement.Squeeze,
        ["Sub"] = call => Arithmetics.Combine(call, (a, b) => a - b, (a, b) => a - b),
        ["Transpose"] = Rearrangement.Transpose,
        ["Unsqueeze"] = Rearrangement.Unsqueeze,
        ["Where"] = Arithmetics.Where,
    };
}
