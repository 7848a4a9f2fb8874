using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// For every dilation x += conv2(snake(conv1(snake(x)))), where snake(x) = x + sin^2(a x) / a, a learnt per channel.
/// </summary>
internal sealed class TorchSnakeResblock
{
    private readonly TorchConvolution[] _convs1;
    private readonly TorchConvolution[] _convs2;
    private readonly Snake[] _activations1;
    private readonly Snake[] _activations2;

    /// <param name="causal">The convolutions look back only.</param>
    public TorchSnakeResblock(DeviceStore store, WeightScope w, int channels, int kernel, IReadOnlyList<int> dilations, bool causal)
    {
        _convs1 = [.. dilations.Select((dilation, i) => Convolution(w["convs1"][i], dilation))];
        _convs2 = [.. dilations.Select((_, i) => Convolution(w["convs2"][i], 1))];
        _activations1 = [.. dilations.Select((_, i) => new Snake(store, w["activations1"][i], channels))];
        _activations2 = [.. dilations.Select((_, i) => new Snake(store, w["activations2"][i], channels))];

        TorchConvolution Convolution(WeightScope scope, int dilation)
        {
            var reach = (kernel - 1) * dilation;
            return new(store, scope, channels, channels, kernel, causal ? (reach, 0) : (reach / 2, reach / 2), dilation: dilation);
        }
    }

    /// <summary>x [batch, channels, time] to the same shape; x is not changed.</summary>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < _convs1.Length; i++)
        {
            // Signals are long: a step's results go before the next.
            using var step = NewDisposeScope();
            var hidden = _convs1[i].Apply(_activations1[i].Apply(x));
            x = step.MoveToOuter(x.add(_convs2[i].Apply(_activations2[i].Apply(hidden))));
        }

        return scope.MoveToOuter(x);
    }
}
