using CosyVoice.Kernels;
using CosyVoice.Weights;

namespace CosyVoice.Models;

/// <summary>
/// x_t + conv2(leaky_relu(conv1(x))): conv1 sees x_t and the look-ahead behind it, conv2 its two predecessors; the
/// only place where the flow looks forward.
/// </summary>
internal sealed class LookaheadLayer : IDisposable
{
    private const int Past = 2;
    private const float Slope = 0.01f;

    private readonly WindowedLinear _conv1;
    private readonly WindowedLinear _conv2;
    private readonly int _lookahead;
    private readonly int _width;
    private readonly int _channels;

    /// <param name="channels">Width between the convolutions.</param>
    public LookaheadLayer(WeightScope w, int width, int channels, int lookahead)
    {
        (_width, _channels, _lookahead) = (width, channels, lookahead);
        _conv1 = WindowedLinear.Convolution(w["conv1"], width, channels, lookahead + 1);
        _conv2 = WindowedLinear.Convolution(w["conv2"], channels, width, Past + 1);
    }

    /// <summary>x [T + look-ahead, width] to y [T, width].</summary>
    /// <param name="hidden">Scratch.</param>
    public void Forward(Workers workers, Tensor x, Tensor hidden, Tensor y)
    {
        var length = x.Rows - _lookahead;
        y.Resize(length, _width);
        hidden.Resize(Past + length, _channels);
        hidden.RowRange(0, Past).Clear();
        workers.ForRows(length, WindowedLinear.StripRows, (start, end) =>
        {
            _conv1.Apply(x, hidden, start + _lookahead, end + _lookahead, shift: Past - _lookahead);
            Activations.LeakyRelu(hidden.RowRange(Past + start, end - start), Slope);
            x.RowRange(start, end - start).CopyTo(y.RowRange(start, end - start));
        });
        workers.ForRows(length, WindowedLinear.StripRows, (start, end) =>
            _conv2.Apply(hidden, y, start + Past, end + Past, shift: -Past, accumulate: true));
    }

    public void Dispose()
    {
        _conv1.Dispose();
        _conv2.Dispose();
    }
}
