namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>The mean of each window; a window that hangs over an end is averaged over what it covers.</summary>
internal static class AveragePool
{
    public static OnnxValue Compute(OnnxCall call)
    {
        var x = call[0];
        int[] kernel = [.. (call.Attribute("kernel_shape")?.Integers ?? []).Select(size => checked((int)size))];
        var window = SlidingWindow.Read(call, x.Shape, kernel);
        var padded = call.Integer("count_include_pad", 0) != 0;
        var planes = x.Shape[0] * x.Shape[1];
        var shape = window.Output(x.Shape, x.Shape[1]);
        var y = new float[OnnxValue.CountOf(shape)];
        var at = 0;
        for (var plane = 0; plane < planes; plane++)
        {
            for (var row = 0; row < window.OutputHeight; row++)
            {
                for (var column = 0; column < window.OutputWidth; column++)
                {
                    y[at++] = Mean(x.Reals.AsSpan(plane * window.Height * window.Width), window, row, column, padded);
                }
            }
        }

        return new OnnxValue(shape, y);
    }

    private static float Mean(ReadOnlySpan<float> plane, in SlidingWindow window, int row, int column, bool padded)
    {
        var top = (row * window.StrideHeight) - window.PadTop;
        var left = (column * window.StrideWidth) - window.PadLeft;
        var (bottom, right) = (top + window.KernelHeight, left + window.KernelWidth);
        var count = padded
            ? (Math.Min(bottom, window.Height + window.PadBottom) - top) * (Math.Min(right, window.Width + window.PadRight) - left)
            : 0;
        (top, left, bottom, right) = (Math.Max(top, 0), Math.Max(left, 0), Math.Min(bottom, window.Height), Math.Min(right, window.Width));
        var sum = 0.0;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
            {
                sum += plane[(y * window.Width) + x];
            }
        }

        return (float)(sum / (padded ? count : (bottom - top) * (right - left)));
    }
}
