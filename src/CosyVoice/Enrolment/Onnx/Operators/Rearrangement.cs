namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>Elements that only move.</summary>
internal static class Rearrangement
{
    public static OnnxValue Constant(OnnxCall call) =>
        call.Attribute("value")?.Tensor is { } tensor ? OnnxValue.Of(tensor)
        : call.Attribute("value_int") is { } integer ? new OnnxValue([], [integer.Integers[0]])
        : call.Attribute("value_ints") is { } integers ? new OnnxValue([integers.Integers.Count], [.. integers.Integers])
        : call.Attribute("value_float") is { } real ? new OnnxValue([], [real.Single])
        : throw new InvalidDataException("a constant without value");

    public static OnnxValue ConstantOfShape(OnnxCall call)
    {
        var shape = Sizes(call[0].Integers);
        var value = call.Attribute("value")?.Tensor is { } tensor ? OnnxValue.Of(tensor) : new OnnxValue([1], [0f]);
        return value.Pick(shape, _ => 0);
    }

    public static OnnxValue Reshape(OnnxCall call)
    {
        var (x, wanted) = (call[0], call[1].Integers);
        var keepsZero = call.Integer("allowzero", 0) != 0;
        var shape = Sizes([.. wanted.Select((size, axis) => size == 0 && !keepsZero ? x.Shape[axis] : size == -1 ? 1 : size)]);
        var open = Array.IndexOf(wanted, -1);
        if (open >= 0)
        {
            var others = OnnxValue.CountOf(shape);
            shape[open] = others == 0 ? 0 : x.Count / others;
        }

        return x.Reshaped(shape);
    }

    public static OnnxValue Unsqueeze(OnnxCall call)
    {
        var x = call[0];
        var axes = call.IntegersOf("axes", 1) ?? throw new InvalidDataException("no axes");
        var rank = x.Shape.Length + axes.Count;
        var added = axes.Select(axis => OnnxCall.Axis(axis, rank)).ToHashSet();
        var rest = new Queue<int>(x.Shape);
        return x.Reshaped([.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? 1 : rest.Dequeue())]);
    }

    public static OnnxValue Squeeze(OnnxCall call)
    {
        var x = call[0];
        var removed = call.IntegersOf("axes", 1)?.Select(axis => OnnxCall.Axis(axis, x.Shape.Length)).ToHashSet();
        return x.Reshaped([.. x.Shape.Where((size, axis) => removed is null ? size != 1 : !removed.Contains(axis))]);
    }

    public static OnnxValue Transpose(OnnxCall call)
    {
        var x = call[0];
        var rank = x.Shape.Length;
        int[] order = call.Attribute("perm")?.Integers is { } given
            ? [.. given.Select(axis => OnnxCall.Axis(axis, rank))]
            : [.. Enumerable.Range(0, rank).Reverse()];
        if (!order.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw new InvalidDataException($"[{string.Join(", ", order)}] does not order {rank} axes");
        }

        var strides = Strides(x.Shape);
        int[] shape = [.. order.Select(axis => x.Shape[axis])];
        int[] turned = [.. order.Select(axis => strides[axis])];
        return x.Pick(shape, i => Source(i, shape, turned));
    }

    public static OnnxValue Concat(OnnxCall call)
    {
        var parts = Enumerable.Range(0, call.InputCount).Select(i => call[i]).ToArray();
        var axis = OnnxCall.Axis(call.Integer("axis", 0), parts[0].Shape.Length);
        if (parts.Any(part => part.Shape.Length != parts[0].Shape.Length
            || part.Shape.Where((size, i) => i != axis && size != parts[0].Shape[i]).Any()))
        {
            throw new InvalidDataException($"{string.Join(" and ", parts.Select(part => $"[{string.Join(", ", part.Shape)}]"))} do not fit");
        }

        int[] shape = [.. parts[0].Shape];
        shape[axis] = parts.Sum(part => part.Shape[axis]);
        return parts[0].IsReal ? new(shape, Joined(part => part.Reals)) : new(shape, Joined(part => part.Integers));

        T[] Joined<T>(Func<OnnxValue, T[]> elements)
        {
            var joined = new T[OnnxValue.CountOf(shape)];
            var outer = shape[..axis].Aggregate(1, (product, size) => product * size);
            var at = 0;
            for (var i = 0; i < outer; i++)
            {
                foreach (var part in parts)
                {
                    var length = part.Count / outer;
                    elements(part).AsSpan(i * length, length).CopyTo(joined.AsSpan(at));
                    at += length;
                }
            }

            return joined;
        }
    }

    public static OnnxValue Expand(OnnxCall call) =>
        Broadcasting.Expand(call[0], Broadcasting.Shape(call[0].Shape, Sizes(call[1].Integers)));

    public static OnnxValue Gather(OnnxCall call)
    {
        var (x, indices) = (call[0], call[1]);
        var axis = OnnxCall.Axis(call.Integer("axis", 0), x.Shape.Length);
        int[] chosen = [.. indices.Integers.Select(index => OnnxCall.Axis(index, x.Shape[axis]))];
        int[] shape = [.. x.Shape[..axis], .. indices.Shape, .. x.Shape[(axis + 1)..]];
        var inner = x.Shape[(axis + 1)..].Aggregate(1, (product, size) => product * size);
        return x.Pick(shape, i =>
        {
            var (before, rest) = Math.DivRem(i, chosen.Length * inner);
            return (((before * x.Shape[axis]) + chosen[rest / inner]) * inner) + (rest % inner);
        });
    }

    public static OnnxValue Slice(OnnxCall call)
    {
        var x = call[0];
        var starts = call.IntegersOf("starts", 1) ?? [];
        var ends = call.IntegersOf("ends", 2) ?? [];
        var axes = call.IntegersOf("axes", 3) ?? [.. Enumerable.Range(0, starts.Count).Select(axis => (long)axis)];
        var steps = call.Optional(4)?.Integers ?? [.. starts.Select(_ => 1L)];
        if (ends.Count != starts.Count || axes.Count != starts.Count || steps.Length != starts.Count)
        {
            throw new InvalidDataException($"{starts.Count} starts, {ends.Count} ends, {axes.Count} axes, {steps.Length} steps");
        }

        int[] shape = [.. x.Shape];
        var strides = Strides(x.Shape);
        var offset = 0;
        for (var i = 0; i < starts.Count; i++)
        {
            var axis = OnnxCall.Axis(axes[i], shape.Length);
            var (first, count, step) = Range(starts[i], ends[i], steps[i], x.Shape[axis]);
            offset += first * strides[axis];
            shape[axis] = count;
            strides[axis] *= step;
        }

        return x.Pick(shape, i => offset + Source(i, shape, strides));
    }

    public static OnnxValue Pad(OnnxCall call)
    {
        if (call.Text("mode", "constant") is var mode and not "constant")
        {
            throw new InvalidDataException($"the mode {mode}");
        }

        var x = call[0];
        var rank = x.Shape.Length;
        var pads = call.IntegersOf("pads", 1) ?? [];
        if (pads.Count != 2 * rank || pads.Any(pad => pad is < 0 or > int.MaxValue))
        {
            throw new InvalidDataException($"pads [{string.Join(", ", pads)}] for {rank} axes");
        }

        var filling = call.Optional(2)?.Reals[0] ?? call.Single("value", 0);
        int[] shape = [.. x.Shape.Select((size, axis) => checked((int)(size + pads[axis] + pads[rank + axis])))];
        var y = new float[OnnxValue.CountOf(shape)];
        Array.Fill(y, filling);
        var strides = Strides(shape);
        var start = pads.Take(rank).Select((pad, axis) => (int)pad * strides[axis]).Sum();
        for (var i = 0; i < x.Count; i++)
        {
            y[start + Source(i, x.Shape, strides)] = x.Reals[i];
        }

        return new OnnxValue(shape, y);
    }

    /// <summary>Python's range of a slice: negative ends count from the end, and what lies outside is cut.</summary>
    private static (int First, int Count, int Step) Range(long start, long end, long step, int size)
    {
        if (step is 0 or <= int.MinValue or > int.MaxValue)
        {
            throw new InvalidDataException($"a step of {step}");
        }

        var (least, most) = step > 0 ? (0, size) : (-1, size - 1);
        var first = Math.Clamp(start < 0 ? start + size : start, least, most);
        var last = Math.Clamp(end < 0 ? Math.Max(end, int.MinValue) + size : end, least, most);
        var count = step > 0 ? (last - first + step - 1) / step : (first - last - step - 1) / -step;
        return ((int)first, (int)Math.Max(0, count), (int)step);
    }

    private static int[] Strides(int[] shape)
    {
        var strides = new int[shape.Length];
        var stride = 1;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        return strides;
    }

    /// <summary>Where element i of an array of the shape lies, its axes being this far apart.</summary>
    private static int Source(int i, int[] shape, int[] strides)
    {
        var source = 0;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            source += i % shape[axis] * strides[axis];
            i /= shape[axis];
        }

        return source;
    }

    private static int[] Sizes(IReadOnlyList<long> sizes) => sizes.All(size => size is >= 0 and <= int.MaxValue)
        ? [.. sizes.Select(size => (int)size)]
        : throw new InvalidDataException($"[{string.Join(", ", sizes)}] is no shape");
}
