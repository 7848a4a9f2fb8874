using CosyVoice.Weights;

namespace CosyVoice.Layers;

/// <summary>
/// Weight normalisation, w = g v / |v| with the norm over every dimension but the first. Read in the naming of
/// torch 2.1 and later (<c>parametrizations.weight.original0/1</c>), the older one (<c>weight_g/_v</c>), or plain.
/// </summary>
public static class WeightNorm
{
    public static float[] Read(WeightScope w, params int[] shape)
    {
        int[] gainShape = [shape[0], .. Enumerable.Repeat(1, shape.Length - 1)];
        var parametrized = w["parametrizations"]["weight"];
        if (parametrized.Has("original1"))
        {
            return Resolve(parametrized.Get("original0", gainShape).ToFloats(), parametrized.Get("original1", shape).ToFloats());
        }

        return w.Has("weight_v")
            ? Resolve(w.Get("weight_g", gainShape).ToFloats(), w.Get("weight_v", shape).ToFloats())
            : w.Get("weight", shape).ToFloats();
    }

    private static float[] Resolve(float[] gain, float[] direction)
    {
        var size = direction.Length / gain.Length;
        for (var row = 0; row < gain.Length; row++)
        {
            var values = direction.AsSpan(row * size, size);
            double squares = 0;
            foreach (var v in values)
            {
                squares += (double)v * v;
            }

            var scale = squares == 0 ? 0 : gain[row] / Math.Sqrt(squares);
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(values[i] * scale);
            }
        }

        return direction;
    }
}
