namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>How a window moves over the last one or two axes of [batch, channels, (height,) width]; without a height that is 1.</summary>
internal readonly struct SlidingWindow
{
    private SlidingWindow(int[] input, int[] kernel, int[] stride, int[] dilation, int[] before, int[] after, bool ceiling)
    {
        (Height, Width) = (input[0], input[1]);
        (KernelHeight, KernelWidth) = (kernel[0], kernel[1]);
        (StrideHeight, StrideWidth) = (stride[0], stride[1]);
        (DilationHeight, DilationWidth) = (dilation[0], dilation[1]);
        (PadTop, PadLeft, PadBottom, PadRight) = (before[0], before[1], after[0], after[1]);
        OutputHeight = OutputSize(0);
        OutputWidth = OutputSize(1);

        int OutputSize(int axis)
        {
            var free = (long)input[axis] + before[axis] + after[axis] - (((long)kernel[axis] - 1) * dilation[axis]) - 1;
            var steps = ceiling ? Math.Ceiling((double)free / stride[axis]) : Math.Floor((double)free / stride[axis]);
            if (ceiling && steps * stride[axis] >= (long)input[axis] + before[axis])
            {
                steps--; // No window begins behind the end.
            }

            return steps >= 0 ? (int)steps + 1 : throw new InvalidDataException($"a window of {kernel[axis]} does not fit {input[axis]} elements");
        }
    }

    public int Height { get; }

    public int Width { get; }

    public int KernelHeight { get; }

    public int KernelWidth { get; }

    public int StrideHeight { get; }

    public int StrideWidth { get; }

    public int DilationHeight { get; }

    public int DilationWidth { get; }

    public int PadTop { get; }

    public int PadLeft { get; }

    public int PadBottom { get; }

    public int PadRight { get; }

    public int OutputHeight { get; }

    public int OutputWidth { get; }

    /// <param name="shape">Of the input.</param>
    /// <param name="kernel">Along the moving axes.</param>
    public static SlidingWindow Read(OnnxCall call, int[] shape, int[] kernel)
    {
        if (shape.Length is not (3 or 4) || kernel.Length != shape.Length - 2)
        {
            throw new InvalidDataException($"a window of {kernel.Length} axes over [{string.Join(", ", shape)}]");
        }

        if (call.Text("auto_pad", "NOTSET") is var automatic and not "NOTSET")
        {
            throw new InvalidDataException($"auto_pad {automatic}");
        }

        var axes = kernel.Length;
        var pads = Positive(call, "pads", 2 * axes, 0);
        return new(
            Two(shape[2..], 1), Two(kernel, 1), Two(Positive(call, "strides", axes, 1), 1), Two(Positive(call, "dilations", axes, 1), 1),
            Two(pads[..axes], 0), Two(pads[axes..], 0), call.Integer("ceil_mode", 0) != 0);
    }

    /// <summary>The shape of the output.</summary>
    public int[] Output(int[] input, int channels) =>
        input.Length == 3 ? [input[0], channels, OutputWidth] : [input[0], channels, OutputHeight, OutputWidth];

    private static int[] Positive(OnnxCall call, string name, int count, int least)
    {
        var given = call.Attribute(name)?.Integers ?? [.. Enumerable.Repeat((long)least, count)];
        return given.Count == count && given.All(value => value >= least && value <= short.MaxValue)
            ? [.. given.Select(value => (int)value)]
            : throw new InvalidDataException($"{name} [{string.Join(", ", given)}]");
    }

    private static int[] Two(int[] values, int first) => values.Length == 2 ? values : [first, values[0]];
}
