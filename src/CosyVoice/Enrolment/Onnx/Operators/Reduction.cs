namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>Axes become one element each, in double precision.</summary>
internal static class Reduction
{
    /// <param name="start">What a result begins with.</param>
    /// <param name="add">Takes in one more element.</param>
    /// <param name="finish">Makes the result of what was added up, and of how many elements.</param>
    public static OnnxValue Compute(OnnxCall call, double start, Func<double, double, double> add, Func<double, int, double> finish)
    {
        var x = call[0];
        var rank = x.Shape.Length;
        var axes = Axes(call, rank);
        int[] kept = [.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        var results = new double[OnnxValue.CountOf(kept)];
        Array.Fill(results, start);
        for (var i = 0; i < x.Count; i++)
        {
            var (rest, at, stride) = (i, 0, 1);
            for (var axis = rank - 1; axis >= 0; axis--)
            {
                at += kept[axis] == 1 ? 0 : rest % x.Shape[axis] * stride;
                rest /= x.Shape[axis];
                stride *= kept[axis];
            }

            results[at] = add(results[at], x.IsReal ? x.Reals[i] : x.Integers[i]);
        }

        var count = results.Length == 0 ? 0 : x.Count / results.Length;
        var shape = call.Integer("keepdims", 1) != 0 ? kept : [.. kept.Where((_, axis) => !axes.Contains(axis))];
        return x.IsReal
            ? new(shape, Array.ConvertAll(results, value => (float)finish(value, count)))
            : new(shape, Array.ConvertAll(results, value => (long)finish(value, count)));
    }

    private static HashSet<int> Axes(OnnxCall call, int rank)
    {
        var given = call.IntegersOf("axes", 1);
        return given is { Count: > 0 } ? [.. given.Select(axis => OnnxCall.Axis(axis, rank))] : [.. Enumerable.Range(0, rank)];
    }
}
