using CosyVoice.Kernels;

namespace CosyVoice.Enrolment.Onnx.Operators;

/// <summary>
/// Convolution over one or two axes, with groups. For a block of outputs the windows are laid out as columns, [channels * kernel,
/// block], and the weights multiply them from the left: the result lies where the next node reads it.
/// </summary>
internal static unsafe class Convolution
{
    private const int BlockColumns = 4 * PanelMatrix.PanelWidth;

    // Each computing thread has its own.
    [ThreadStatic]
    private static (Tensor Columns, PanelMatrix Packed)? _scratch;

    public static OnnxValue Compute(OnnxCall call)
    {
        var (x, weight, bias) = (call[0], call[1], call.Optional(2)?.Reals);
        var window = SlidingWindow.Read(call, x.Shape, weight.Shape[2..]);
        var (groups, outputs) = ((int)call.Integer("group", 1), weight.Shape[0]);
        if (groups < 1 || outputs % groups != 0 || x.Shape[1] != weight.Shape[1] * groups || (bias is not null && bias.Length != outputs))
        {
            throw new InvalidDataException(
                $"{x.Shape[1]} channels through weights [{string.Join(", ", weight.Shape)}] in {groups} groups, with {bias?.Length ?? outputs} biases");
        }

        var shape = window.Output(x.Shape, outputs);
        var y = new float[OnnxValue.CountOf(shape)];
        var (inputSize, outputSize) = (window.Height * window.Width, window.OutputHeight * window.OutputWidth);
        var (inputsPerGroup, outputsPerGroup) = (weight.Shape[1], outputs / groups);
        var blocks = (outputSize + BlockColumns - 1) / BlockColumns;
        call.Workers.For(x.Shape[0] * groups * blocks, index =>
        {
            var (part, first) = (index / blocks, index % blocks * BlockColumns);
            var group = part % groups;
            var depth = weight.Count / outputs;
            var columns = Math.Min(BlockColumns, outputSize - first);
            fixed (float* weights = &weight.Reals[group * outputsPerGroup * depth], target = &y[(part * outputsPerGroup * outputSize) + first])
            {
                var packed = Columns(x.Reals.AsSpan(part * inputsPerGroup * inputSize, inputsPerGroup * inputSize), window, inputsPerGroup, first, columns);
                MatMul.Multiply(weights, depth, 1, 0, packed, [], target, outputSize, 0, outputsPerGroup);
                for (var n = 0; bias is not null && n < outputsPerGroup; n++)
                {
                    AddTo(new(target + ((long)n * outputSize), columns), bias[(group * outputsPerGroup) + n]);
                }
            }
        });
        return new OnnxValue(shape, y);
    }

    /// <summary>The windows of outputs [first, first + count), [channels * kernel, count].</summary>
    private static PanelMatrix Columns(ReadOnlySpan<float> x, in SlidingWindow window, int channels, int first, int count)
    {
        var (columns, packed) = _scratch ??= (new Tensor(), new PanelMatrix());
        columns.Resize(channels * window.KernelHeight * window.KernelWidth, count);
        var row = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            var plane = x.Slice(channel * window.Height * window.Width, window.Height * window.Width);
            for (var ky = 0; ky < window.KernelHeight; ky++)
            {
                for (var kx = 0; kx < window.KernelWidth; kx++)
                {
                    Gather(plane, window, ky, kx, first, columns.Row(row++));
                }
            }
        }

        packed.Pack(columns.Span, columns.Rows, count, count);
        return packed;
    }

    /// <summary>What one weight of the kernel sees at every output from <paramref name="first"/> on.</summary>
    private static void Gather(ReadOnlySpan<float> plane, in SlidingWindow window, int ky, int kx, int first, Span<float> seen)
    {
        var (outputY, outputX) = Math.DivRem(first, window.OutputWidth);
        for (var i = 0; i < seen.Length; i++)
        {
            var y = (outputY * window.StrideHeight) + (ky * window.DilationHeight) - window.PadTop;
            var x = (outputX * window.StrideWidth) + (kx * window.DilationWidth) - window.PadLeft;
            seen[i] = (uint)y < (uint)window.Height && (uint)x < (uint)window.Width ? plane[(y * window.Width) + x] : 0;
            if (++outputX == window.OutputWidth)
            {
                (outputX, outputY) = (0, outputY + 1);
            }
        }
    }

    private static void AddTo(Span<float> values, float addend)
    {
        foreach (ref var value in values)
        {
            value += addend;
        }
    }
}
