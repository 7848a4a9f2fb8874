namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>(x - mean) / sqrt(variance + epsilon) * scale + bias along axis 1, with the means of training.</summary>
internal static class BatchNormalization
{
    public static OnnxValue Compute(OnnxCall call)
    {
        var x = call[0];
        var (scale, bias, mean, variance) = (call[1].Reals, call[2].Reals, call[3].Reals, call[4].Reals);
        var epsilon = call.Single("epsilon", 1e-5f);
        var channels = x.Shape[1];
        if (new[] { scale, bias, mean, variance }.Any(parameter => parameter.Length != channels))
        {
            throw new InvalidDataException($"its parameters are not of {channels} channels");
        }

        var y = new float[x.Count];
        var size = x.Shape[2..].Aggregate(1, (product, length) => product * length);
        for (var start = 0; start < y.Length; start += size)
        {
            var channel = start / size % channels;
            var factor = scale[channel] / MathF.Sqrt(variance[channel] + epsilon);
            for (var i = start; i < start + size; i++)
            {
                y[i] = ((x.Reals[i] - mean[channel]) * factor) + bias[channel];
            }
        }

        return new OnnxValue(x.Shape, y);
    }
}
