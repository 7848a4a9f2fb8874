namespace CosyVoice.Enrolment.Onnx;

/// <summary>What flows through a graph: an array of any number of axes, row-major, of reals or of integers (also true and false).</summary>
internal sealed class OnnxValue
{
    /// <summary>More than any step of a graph makes of half a minute of sound.</summary>
    private const long MostElements = 1L << 28;

    private readonly float[]? _reals;
    private readonly long[]? _integers;

    public OnnxValue(int[] shape, float[] reals)
    {
        Check(shape, reals.Length);
        (Shape, _reals) = (shape, reals);
    }

    public OnnxValue(int[] shape, long[] integers)
    {
        Check(shape, integers.Length);
        (Shape, _integers) = (shape, integers);
    }

    public int[] Shape { get; }

    public int Count => _reals?.Length ?? _integers!.Length;

    public bool IsReal => _reals is not null;

    public float[] Reals => _reals ?? throw new InvalidDataException("integers where real numbers are expected");

    public long[] Integers => _integers ?? throw new InvalidDataException("real numbers where integers are expected");

    public static OnnxValue Of(OnnxTensor tensor) =>
        tensor.IsReal ? new(tensor.Shape, tensor.ToFloats()) : new(tensor.Shape, tensor.ToIntegers());

    /// <summary>The same elements under another shape.</summary>
    public OnnxValue Reshaped(int[] shape) => IsReal ? new(shape, Reals) : new(shape, Integers);

    /// <summary>An array of the same kind whose element i is element <paramref name="source"/>(i) of this one.</summary>
    public OnnxValue Pick(int[] shape, Func<int, int> source)
    {
        var count = CountOf(shape);
        return IsReal ? new(shape, Picked(Reals)) : new(shape, Picked(Integers));

        T[] Picked<T>(T[] from)
        {
            var picked = new T[count];
            for (var i = 0; i < count; i++)
            {
                picked[i] = from[source(i)];
            }

            return picked;
        }
    }

    /// <summary>Elements of an array of this shape.</summary>
    /// <exception cref="InvalidDataException">A size is negative, or they are too many.</exception>
    public static int CountOf(IReadOnlyList<int> shape)
    {
        var count = 1L;
        foreach (var size in shape)
        {
            count *= size;
            if (size < 0 || count > MostElements)
            {
                throw new InvalidDataException($"[{string.Join(", ", shape)}] is no usable shape");
            }
        }

        return (int)count;
    }

    private static void Check(int[] shape, int count)
    {
        if (CountOf(shape) != count)
        {
            throw new InvalidDataException($"{count} elements do not fill [{string.Join(", ", shape)}]");
        }
    }
}
