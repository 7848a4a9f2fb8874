namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>Arrays of different shapes side by side: axes are matched from the last, and one of size 1 repeats.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that both take on.</summary>
    /// <exception cref="InvalidDataException">They do not fit.</exception>
    public static int[] Shape(int[] a, int[] b)
    {
        var shape = new int[Math.Max(a.Length, b.Length)];
        for (var i = 1; i <= shape.Length; i++)
        {
            var (sizeA, sizeB) = (i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
            shape[^i] = sizeA == sizeB || sizeB == 1 ? sizeA
                : sizeA == 1 ? sizeB
                : throw new InvalidDataException($"[{string.Join(", ", a)}] and [{string.Join(", ", b)}] do not fit");
        }

        return shape;
    }

    /// <summary>The value with every axis of the target shape.</summary>
    public static OnnxValue Expand(OnnxValue value, int[] target)
    {
        if (value.Shape.SequenceEqual(target))
        {
            return value;
        }

        var strides = Strides(value.Shape, target);
        var inner = target.Length == 0 ? 1 : target[^1];
        var innerStride = target.Length == 0 ? 0 : strides[^1];
        var (row, start) = (-1, 0);
        return value.Pick(target, i =>
        {
            if (i / inner != row)
            {
                row = i / inner;
                start = Offset(row, target, strides);
            }

            return start + (i % inner * innerStride);
        });
    }

    /// <summary>How far apart the elements along each target axis lie in an array of the shape; 0 where it repeats.</summary>
    private static int[] Strides(int[] shape, int[] target)
    {
        if (!Shape(shape, target).SequenceEqual(target))
        {
            throw new InvalidDataException($"[{string.Join(", ", shape)}] cannot be expanded to [{string.Join(", ", target)}]");
        }

        var strides = new int[target.Length];
        var stride = 1;
        for (var i = 1; i <= shape.Length; i++)
        {
            strides[^i] = shape[^i] == 1 ? 0 : stride;
            stride *= shape[^i];
        }

        return strides;
    }

    /// <summary>Where a row along the last target axis begins.</summary>
    private static int Offset(int row, int[] target, int[] strides)
    {
        var offset = 0;
        for (var axis = target.Length - 2; axis >= 0; axis--)
        {
            offset += row % target[axis] * strides[axis];
            row /= target[axis];
        }

        return offset;
    }
}
