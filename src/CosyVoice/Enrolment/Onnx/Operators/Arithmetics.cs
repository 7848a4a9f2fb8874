namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>Element by element.</summary>
internal static class Arithmetics
{
    public static OnnxValue Map(OnnxCall call, Func<float, float> function)
    {
        var x = call[0].Reals;
        var y = new float[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = function(x[i]);
        }

        return new OnnxValue(call[0].Shape, y);
    }

    public static OnnxValue Combine(OnnxCall call, Func<float, float, float> reals, Func<long, long, long> integers)
    {
        var (shape, a, b) = Matched(call[0], call[1]);
        return a.IsReal ? new(shape, Combined(a.Reals, b.Reals, reals)) : new(shape, Combined(a.Integers, b.Integers, integers));
    }

    public static OnnxValue Equal(OnnxCall call)
    {
        var (shape, a, b) = Matched(call[0], call[1]);
        return new(shape, a.IsReal
            ? Combined(a.Reals, b.Reals, (x, y) => x == y ? 1L : 0L)
            : Combined(a.Integers, b.Integers, (x, y) => x == y ? 1L : 0L));
    }

    public static OnnxValue Where(OnnxCall call)
    {
        var shape = Broadcasting.Shape(Broadcasting.Shape(call[0].Shape, call[1].Shape), call[2].Shape);
        var condition = Broadcasting.Expand(call[0], shape).Integers;
        var (a, b) = (Broadcasting.Expand(call[1], shape), Broadcasting.Expand(call[2], shape));
        return a.IsReal ? new(shape, Chosen(a.Reals, b.Reals)) : new(shape, Chosen(a.Integers, b.Integers));

        T[] Chosen<T>(T[] yes, T[] no) => [.. condition.Select((chosen, i) => chosen != 0 ? yes[i] : no[i])];
    }

    /// <summary>Between reals and integers; reals lose their fraction.</summary>
    public static OnnxValue Cast(OnnxCall call)
    {
        var (x, to) = (call[0], (OnnxType)call.Integer("to", 0));
        if (to is OnnxType.Float32 or OnnxType.Float16 or OnnxType.Float64)
        {
            return x.IsReal ? x : new(x.Shape, Array.ConvertAll(x.Integers, value => (float)value));
        }

        return to switch
        {
            OnnxType.Int32 or OnnxType.Int64 => x.IsReal ? new(x.Shape, Array.ConvertAll(x.Reals, value => (long)value)) : x,
            OnnxType.Bool => new(x.Shape, x.IsReal ? Array.ConvertAll(x.Reals, value => value != 0 ? 1L : 0L) : Array.ConvertAll(x.Integers, value => value != 0 ? 1L : 0L)),
            _ => throw new InvalidDataException($"a cast to type {(int)to}"),
        };
    }

    private static (int[] Shape, OnnxValue A, OnnxValue B) Matched(OnnxValue a, OnnxValue b)
    {
        var shape = Broadcasting.Shape(a.Shape, b.Shape);
        return (shape, Broadcasting.Expand(a, shape), Broadcasting.Expand(b, shape));
    }

    /// <summary>ONNX's numbers of types.</summary>
    private enum OnnxType
    {
        Float32 = 1,
        Int32 = 6,
        Int64 = 7,
        Bool = 9,
        Float16 = 10,
        Float64 = 11,
    }

    private static TResult[] Combined<T, TResult>(T[] a, T[] b, Func<T, T, TResult> function)
    {
        var result = new TResult[a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = function(a[i], b[i]);
        }

        return result;
    }
}
