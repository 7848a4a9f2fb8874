using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace CosyVoice.Torch.Vocoder;

/// <summary>
/// Short-time Fourier transform and its inverse as <see cref="Audio.ShortTimeFourier"/>, as convolutions: the window is so short
/// that both directions are products with one small matrix. Spectra are [batch, bins + bins, frames], real parts first.
/// </summary>
internal sealed class TorchShortTimeFourier
{
    private readonly Tensor _analysis; // [2 * bins, 1, size]
    private readonly Tensor _synthesis; // [2 * bins, 1, size]
    private readonly Tensor _squaredWindow; // [1, 1, size]
    private readonly int _size;
    private readonly int _hop;

    public TorchShortTimeFourier(DeviceStore store, int size, int hop)
    {
        (_size, _hop, Bins) = (size, hop, (size / 2) + 1);
        var squaredWindow = new float[size];
        var (analysis, synthesis) = (new float[2 * Bins * size], new float[2 * Bins * size]);
        for (var n = 0; n < size; n++)
        {
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / size));
            squaredWindow[n] = (float)(window * window);
            for (var k = 0; k < Bins; k++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * (n * k % size) / size);
                var (real, imaginary) = ((k * size) + n, ((Bins + k) * size) + n);
                (analysis[real], analysis[imaginary]) = ((float)(window * cosine), (float)(-window * sine));

                // Every bin stands for its mirror image too, but for the first and the last, which are real.
                var edge = k == 0 || 2 * k == size;
                (synthesis[real], synthesis[imaginary]) =
                    ((float)(window * cosine * (edge ? 1 : 2) / size), edge ? 0 : (float)(-window * sine * 2 / size));
            }
        }

        _analysis = store.From(analysis, 2 * Bins, 1, size);
        _synthesis = store.From(synthesis, 2 * Bins, 1, size);
        _squaredWindow = store.From(squaredWindow, 1, 1, size);
    }

    public int Bins { get; }

    /// <summary>[batch, 1, samples] to [batch, 2 * bins, samples / hop + 1].</summary>
    public Tensor Forward(Tensor signal) =>
        functional.conv1d(functional.pad(signal, (_size / 2, _size / 2), PaddingModes.Reflect), _analysis, stride: _hop);

    /// <summary>[batch, 2 * bins, frames] to [batch, 1, (frames - 1) * hop].</summary>
    public Tensor Inverse(Tensor spectrum)
    {
        var frames = spectrum.shape[2];
        var weights = functional.conv_transpose1d(ones([1, 1, frames], spectrum.dtype, spectrum.device), _squaredWindow, stride: _hop);
        var sums = functional.conv_transpose1d(spectrum, _synthesis, stride: _hop);
        return sums.narrow(2, _size / 2, (frames - 1) * _hop).div(weights.narrow(2, _size / 2, (frames - 1) * _hop));
    }
}
