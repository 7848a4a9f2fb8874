using CosyVoice.Audio;
using CosyVoice.Kernels;
using CosyVoice.Tests.Kernels;

namespace CosyVoice.Tests.Audio;

public sealed class ShortTimeFourierTests
{
    [Theory]
    [InlineData(16, 4, 480)]
    [InlineData(16, 4, 12)]
    [InlineData(20, 5, 500)]
    [InlineData(8, 4, 64)]
    public void Forward_Signal_IsTheTransformOfReflectedWindows(int size, int hop, int samples)
    {
        using var workers = new Workers(2);
        using var fourier = new ShortTimeFourier(size, hop);
        using Tensor padded = new(), spectrum = new();
        var signal = Samples.Uniform(samples, seed: 9);
        fourier.Forward(workers, signal, padded, spectrum);
        Assert.Equal(((samples / hop) + 1, 2 * fourier.Bins), (spectrum.Rows, spectrum.Columns));
        for (var frame = 0; frame < spectrum.Rows; frame++)
        {
            var expected = new double[2 * fourier.Bins];
            for (var k = 0; k < fourier.Bins; k++)
            {
                for (var n = 0; n < size; n++)
                {
                    var windowed = Reflected(signal, (frame * hop) + n - (size / 2)) * (0.5 - (0.5 * Math.Cos(2 * Math.PI * n / size)));
                    expected[k] += windowed * Math.Cos(2 * Math.PI * k * n / size);
                    expected[fourier.Bins + k] -= windowed * Math.Sin(2 * Math.PI * k * n / size);
                }
            }

            Samples.AssertClose(expected, spectrum.Row(frame), 1e-5, 0); // Sums of 20 values up to 1.
        }
    }

    [Theory]
    [InlineData(16, 4, 480)]
    [InlineData(16, 4, 5760)]
    [InlineData(20, 5, 500)]
    public void Inverse_OfForward_IsTheSignal(int size, int hop, int samples)
    {
        using var workers = new Workers(2);
        using var fourier = new ShortTimeFourier(size, hop);
        using Tensor padded = new(), spectrum = new(), frames = new();
        var signal = Samples.Uniform(samples, seed: 10);
        fourier.Forward(workers, signal, padded, spectrum);
        var back = new float[samples];
        fourier.Inverse(workers, spectrum, frames, back, limit: 2);
        Samples.AssertClose([.. signal.Select(sample => (double)sample)], back, 2e-6, 0);
    }

    [Fact]
    public void Inverse_Loud_IsCutAtTheLimit()
    {
        using var workers = new Workers(1);
        using var fourier = new ShortTimeFourier(16, 4);
        using Tensor padded = new(), spectrum = new(), frames = new();
        fourier.Forward(workers, Samples.Uniform(480, seed: 11), padded, spectrum);
        var back = new float[480];
        fourier.Inverse(workers, spectrum, frames, back, limit: 0.5f);
        Assert.Equal((0.5f, -0.5f), (back.Max(), back.Min()));
    }

    private static double Reflected(float[] signal, int index) =>
        signal[index < 0 ? -index : index >= signal.Length ? (2 * signal.Length) - 2 - index : index];
}
