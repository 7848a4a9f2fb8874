using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// block2(block1(x) + W_t mish(t)) + W_r x, the residual block of the estimator. The term of the time takes one of
/// few values, one per solver step, and is computed at load.
/// </summary>
internal sealed class EstimatorResnet : IDisposable
{
    private readonly CausalBlock _block1;
    private readonly CausalBlock _block2;
    private readonly WindowedLinear _resConv;
    private readonly Tensor _time = new(); // [steps, outputs]
    private readonly int _outputs;

    /// <param name="time">mish(t) of every step, [steps, time channels].</param>
    public EstimatorResnet(WeightScope w, int inputs, int outputs, Workers workers, Tensor time)
    {
        _outputs = outputs;
        _block1 = new CausalBlock(w["block1"], inputs, outputs);
        _block2 = new CausalBlock(w["block2"], outputs, outputs);
        _resConv = WindowedLinear.Convolution(w["res_conv"], inputs, outputs, 1);
        using var mlp = WindowedLinear.Linear(w["mlp"][1], time.Columns, outputs);
        mlp.Forward(workers, time, _time);
    }

    /// <summary>x [rows, inputs] to y [rows, outputs].</summary>
    public void Forward(Workers workers, FramePair frames, int step, Tensor x, Tensor y, EstimatorScratch s)
    {
        y.Resize(frames.Rows, _outputs);
        s.Convolved.Resize(frames.Rows, _outputs);
        frames.ClearGaps(x);
        frames.For(workers, (start, end) =>
        {
            _block1.Apply(x, s.Convolved, start, end);
            for (var row = start; row < end; row++)
            {
                Arithmetic.Add(s.Convolved.Row(row), _time.Row(step));
            }
        });

        frames.ClearGaps(s.Convolved);
        frames.For(workers, (start, end) =>
        {
            _block2.Apply(s.Convolved, y, start, end);
            _resConv.Apply(x, y, start, end, accumulate: true);
        });
    }

    public void Dispose()
    {
        _block1.Dispose();
        _block2.Dispose();
        _resConv.Dispose();
        _time.Dispose();
    }
}
