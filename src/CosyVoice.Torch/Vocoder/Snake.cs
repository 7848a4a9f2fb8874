using CosyVoice.Weights;
using static TorchSharp.torch;

namespace CosyVoice.Torch.Vocoder;

/// <summary>x + sin^2(a x) / a; reads <c>alpha</c> [channels].</summary>
internal sealed class Snake
{
    private const float Epsilon = 1e-9f; // The reference's, against alphas of zero.

    private readonly Tensor _alpha; // [channels, 1]
    private readonly Tensor _inverse; // [channels, 1]

    public Snake(DeviceStore store, WeightScope w, int channels)
    {
        var alpha = w.Get("alpha", channels).ToFloats();
        _alpha = store.From(alpha, channels, 1);
        _inverse = store.From([.. alpha.Select(a => 1 / (a + Epsilon))], channels, 1);
    }

    /// <summary>x [batch, channels, time] to the same shape.</summary>
    public Tensor Apply(Tensor x)
    {
        var sine = x.mul(_alpha).sin_();
        return x.addcmul(sine, sine.mul(_inverse), 1);
    }
}
