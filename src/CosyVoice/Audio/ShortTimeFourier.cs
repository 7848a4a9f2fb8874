using CosyVoice.Kernels;

namespace CosyVoice.Audio;

/// <summary>
/// Short-time Fourier transform and its inverse with a periodic Hann window, centred with reflected edges as
/// torch.stft. Spectra are [frames, bins + bins], real parts first; frames = samples / hop + 1. The window is so
/// short (16 samples in HiFT) that both directions are products with one small matrix.
/// </summary>
internal sealed unsafe class ShortTimeFourier : IDisposable
{
    private const int BlockFrames = 1024;

    private readonly PanelMatrix _analysis = new(); // [size, 2 * bins]
    private readonly PanelMatrix _synthesis = new(); // [2 * bins, size]
    private readonly float[] _squaredWindow; // [size]
    private readonly int _size;
    private readonly int _hop;

    public ShortTimeFourier(int size, int hop)
    {
        (_size, _hop, Bins) = (size, hop, (size / 2) + 1);
        _squaredWindow = new float[size];
        var analysis = new float[size * 2 * Bins];
        var synthesis = new float[2 * Bins * size];
        for (var n = 0; n < size; n++)
        {
            var window = 0.5 - (0.5 * Math.Cos(2 * Math.PI * n / size));
            _squaredWindow[n] = (float)(window * window);
            for (var k = 0; k < Bins; k++)
            {
                var (sine, cosine) = Math.SinCos(2 * Math.PI * (n * k % size) / size);
                analysis[(n * 2 * Bins) + k] = (float)(window * cosine);
                analysis[(n * 2 * Bins) + Bins + k] = (float)(-window * sine);

                // Every bin stands for its mirror image too, but for the first and the last, which are real.
                var edge = k == 0 || 2 * k == size;
                synthesis[(k * size) + n] = (float)(window * cosine * (edge ? 1 : 2) / size);
                synthesis[((Bins + k) * size) + n] = edge ? 0 : (float)(-window * sine * 2 / size);
            }
        }

        _analysis.Pack(analysis, size, 2 * Bins, 2 * Bins);
        _synthesis.Pack(synthesis, 2 * Bins, size, size);
    }

    public int Bins { get; }

    /// <param name="signal">[samples], more than size / 2.</param>
    /// <param name="padded">Scratch.</param>
    /// <param name="spectrum">Becomes [samples / hop + 1, 2 * bins].</param>
    public void Forward(Workers workers, ReadOnlySpan<float> signal, Tensor padded, Tensor spectrum)
    {
        var edge = _size / 2;
        padded.Resize(signal.Length + _size, 1);
        var samples = padded.Span;
        signal.CopyTo(samples[edge..]);
        for (var i = 1; i <= edge; i++)
        {
            samples[edge - i] = signal[i];
            samples[edge + signal.Length - 1 + i] = signal[signal.Length - 1 - i];
        }

        spectrum.Resize((signal.Length / _hop) + 1, 2 * Bins);
        workers.ForRows(spectrum.Rows, BlockFrames, (start, end) => MatMul.Multiply(
            padded.Pointer, _hop, 1, 0, _analysis, [], spectrum.Pointer, spectrum.Columns, start, end));
    }

    /// <param name="spectrum">[samples / hop + 1, 2 * bins].</param>
    /// <param name="frames">Scratch.</param>
    /// <param name="signal">[samples], cut to plus and minus <paramref name="limit"/>.</param>
    public void Inverse(Workers workers, Tensor spectrum, Tensor frames, float[] signal, float limit)
    {
        frames.Resize(spectrum.Rows, _size);
        workers.ForRows(frames.Rows, BlockFrames, (start, end) => MatMul.Multiply(
            spectrum.Pointer, spectrum.Columns, 1, 0, _synthesis, [], frames.Pointer, _size, start, end));
        workers.ForRows(signal.Length, BlockFrames * _hop, (start, end) =>
        {
            for (var i = start; i < end; i++)
            {
                signal[i] = Math.Clamp(Overlap(frames, i + (_size / 2)), -limit, limit);
            }
        });
    }

    public void Dispose()
    {
        _analysis.Dispose();
        _synthesis.Dispose();
    }

    /// <summary>Sum of the frames at one sample, divided by that of the squared windows.</summary>
    private float Overlap(Tensor frames, int sample)
    {
        var (sum, weight) = (0f, 0f);
        var last = Math.Min(sample / _hop, frames.Rows - 1);
        for (var frame = Math.Max(0, (sample - _size + _hop) / _hop); frame <= last; frame++)
        {
            var offset = sample - (frame * _hop);
            sum += frames.Pointer[((long)frame * _size) + offset];
            weight += _squaredWindow[offset];
        }

        return sum / weight;
    }
}
